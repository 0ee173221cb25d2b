import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Input, Modal } from 'antd'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { useText } from '../../../language/texts.ts'
import { nameOfPerson } from '../../../person/name.ts'
import { useTold } from '../../../person/told.ts'
import { type AdminOutput, useTRPC } from '../../../service/trpc.ts'
import { personText } from '../text.ts'

interface RemovalProps {
  readonly person: AdminOutput['people']['view']['person']
  readonly onClose: () => void
}

/** Deletes for good, once the operator has typed whom. */
export function Removal({ person, onClose }: RemovalProps): ReactNode {
  const text = useText(personText)
  const navigate = useNavigate()
  const told = useTold()
  const id = useId()
  const [typed, setTyped] = useState('')
  const wanted = person.account ?? person.id
  const { onSuccess, onError } = told(() => text.removed)
  const { mutate, isPending } = useMutation(
    useTRPC().admin.people.remove.mutationOptions({
      onError,
      // Leaves first: there is nobody left to be fetched anew.
      onSuccess: async (result) => {
        await navigate({ to: '/people', replace: true })
        await onSuccess(result)
      },
    }),
  )
  const isSure = typed.trim() === wanted
  const remove = () => mutate({ userId: person.id, confirm: wanted })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSure) remove()
  }
  return (
    <Modal
      open
      title={text.removeTitle(nameOfPerson(person))}
      okText={text.remove}
      okButtonProps={{ danger: true, disabled: !isSure }}
      confirmLoading={isPending}
      onOk={remove}
      onCancel={onClose}
    >
      <p>{text.removeWarning}</p>
      <form onSubmit={submit}>
        <label htmlFor={id}>{text.removeAsk(wanted)}</label>
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
