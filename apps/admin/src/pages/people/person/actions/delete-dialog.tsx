import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Input, Modal } from 'antd'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { useMutationToasts } from '../../../../feedback/use-mutation-toasts.ts'
import { useText } from '../../../../language/texts.ts'
import { displayName } from '../../../../person/display-name.ts'
import { type AdminOutput, useTRPC } from '../../../../service/trpc-client.ts'
import { personText } from '../text.ts'

interface DeleteDialogProps {
  readonly person: AdminOutput['people']['view']['person']
  readonly onClose: () => void
}

/** Deletes a person permanently after the administrator has typed the account (or the ID, without an account). */
export function DeleteDialog({ person, onClose }: DeleteDialogProps): ReactNode {
  const text = useText(personText)
  const navigate = useNavigate()
  const toasts = useMutationToasts()
  const id = useId()
  const [typed, setTyped] = useState('')
  const expected = person.account ?? person.id
  const { onSuccess, onError } = toasts(() => text.removed)
  const { mutate, isPending } = useMutation(
    useTRPC().people.remove.mutationOptions({
      onError,
      // Leave the page before the refetch: its person no longer exists.
      onSuccess: async (result) => {
        await navigate({ to: '/people', replace: true })
        await onSuccess(result)
      },
    }),
  )
  const isConfirmed = typed.trim() === expected
  const remove = () => mutate({ userId: person.id, confirm: expected })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isConfirmed) remove()
  }
  return (
    <Modal
      open
      title={text.removeTitle(displayName(person))}
      okText={text.remove}
      okButtonProps={{ danger: true, disabled: !isConfirmed }}
      confirmLoading={isPending}
      onOk={remove}
      onCancel={onClose}
    >
      <p>{text.removeWarning}</p>
      <form onSubmit={submit}>
        <label htmlFor={id}>{text.removeConfirmLabel(expected)}</label>
        <Input
          id={id}
          value={typed}
          autoFocus
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={({ target }) => setTyped(target.value)}
        />
      </form>
    </Modal>
  )
}
