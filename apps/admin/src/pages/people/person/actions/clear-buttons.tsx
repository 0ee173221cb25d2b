import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import type { ReactNode } from 'react'
import { useConfirm } from '../../../../feedback/use-confirm.ts'
import { useMutationToasts } from '../../../../feedback/use-mutation-toasts.ts'
import { useText } from '../../../../language/texts.ts'
import { type AdminOutput, useTRPC } from '../../../../service/trpc-client.ts'
import { personText } from '../text.ts'

/** Removes the password or the number of a person, to put out somebody else who knows or has it. */
export function ClearButtons({
  person,
}: {
  person: AdminOutput['people']['view']['person']
}): ReactNode {
  const text = useText(personText)
  const { people } = useTRPC()
  const { message } = App.useApp()
  const confirm = useConfirm()
  const toasts = useMutationToasts()
  /** Also warns where the person cannot sign in any more. */
  const callbacks = (done: string) => {
    const { onSuccess, onError } = toasts(() => done)
    return {
      onError,
      onSuccess: async (result: { canSignIn: boolean }) => {
        if (!result.canSignIn) void message.warning(text.cannotSignIn, 10)
        await onSuccess(result)
      },
    }
  }
  const clearPassword = useMutation(
    people.clearPassword.mutationOptions(callbacks(text.passwordCleared)),
  )
  const clearPhone = useMutation(people.clearPhone.mutationOptions(callbacks(text.phoneCleared)))
  const userId = person.id
  const askPassword = () =>
    confirm({
      title: text.clearPasswordTitle,
      content: text.clearPasswordWarning,
      okText: text.clearPassword,
      onConfirm: () => clearPassword.mutateAsync({ userId }),
    })
  const askPhone = () =>
    confirm({
      title: text.clearPhoneTitle,
      content: text.clearPhoneWarning,
      okText: text.clearPhone,
      onConfirm: () => clearPhone.mutateAsync({ userId }),
    })
  return (
    <>
      {person.hasPassword && person.role === 'user' && (
        <Button onClick={askPassword}>{text.clearPassword}</Button>
      )}
      {person.phone !== null && <Button onClick={askPhone}>{text.clearPhone}</Button>}
    </>
  )
}
