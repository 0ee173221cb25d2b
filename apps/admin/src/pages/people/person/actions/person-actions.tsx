import { useMutation, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useConfirm } from '../../../../feedback/use-confirm.ts'
import { useMutationToasts } from '../../../../feedback/use-mutation-toasts.ts'
import { useText } from '../../../../language/texts.ts'
import { displayName } from '../../../../person/display-name.ts'
import { type AdminOutput, useTRPC } from '../../../../service/trpc-client.ts'
import { personText } from '../text.ts'
import { ClearButtons } from './clear-buttons.tsx'
import { DeleteDialog } from './delete-dialog.tsx'

/**
 * Disable, enable and delete a person, and clear the password or the number. An administrator cannot disable or delete
 * their own account, and an administrator's password is changed by the command or by themselves.
 */
export function PersonActions({
  person,
}: {
  person: AdminOutput['people']['view']['person']
}): ReactNode {
  const text = useText(personText)
  const trpc = useTRPC()
  const confirm = useConfirm()
  const toasts = useMutationToasts()
  const [isDeleting, setDeleting] = useState(false)
  const { data: current } = useQuery(trpc.account.current.queryOptions())
  const { people } = trpc
  const disable = useMutation(people.disable.mutationOptions(toasts(() => text.disabled)))
  const enable = useMutation(people.enable.mutationOptions(toasts(() => text.enabled)))
  const isOwnAccount = current?.operator.id === person.id
  const userId = person.id
  const name = displayName(person)
  const askDisable = () =>
    confirm({
      title: text.disableTitle(name),
      content: text.disableWarning,
      okText: text.disable,
      onConfirm: () => disable.mutateAsync({ userId }),
    })
  const askEnable = () =>
    confirm({
      title: text.enableTitle(name),
      content: text.enableWarning,
      okText: text.enable,
      isDanger: false,
      onConfirm: () => enable.mutateAsync({ userId }),
    })
  return (
    <>
      <div className="person-actions" title={isOwnAccount ? text.ownAccount : undefined}>
        {person.disabledAt === null ? (
          <Button disabled={isOwnAccount} onClick={askDisable}>
            {text.disable}
          </Button>
        ) : (
          <Button type="primary" onClick={askEnable}>
            {text.enable}
          </Button>
        )}
        <ClearButtons person={person} />
        <Button danger disabled={isOwnAccount} onClick={() => setDeleting(true)}>
          {text.remove}
        </Button>
      </div>
      {isDeleting && <DeleteDialog person={person} onClose={() => setDeleting(false)} />}
    </>
  )
}
