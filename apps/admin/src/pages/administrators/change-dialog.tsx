import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import type { ReactNode } from 'react'
import { FormDialog } from '../../form/form-dialog.tsx'
import { useText } from '../../language/texts.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import type { ShownEnrolment } from './enrolment-dialog.tsx'
import { administratorsText } from './text.ts'

/** What is done to an administrator: the role is removed, or the second factor is reset. */
export interface Change {
  readonly change: 'remove' | 'reset'
  readonly userId: string
  readonly account: string
}

interface ChangeDialogProps extends Change {
  readonly onReset: (enrolment: ShownEnrolment) => void
  readonly onClose: () => void
}

/** Explains a change of an administrator, and asks for a code. */
export function ChangeDialog(props: ChangeDialogProps): ReactNode {
  const { change, userId, account, onReset, onClose } = props
  const text = useText(administratorsText)
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const { administrators } = useTRPC()
  const refetch = () => queryClient.invalidateQueries(administrators.list.queryFilter())
  const remove = useMutation(
    administrators.remove.mutationOptions({
      onSuccess: async () => {
        void message.success(text.removed)
        onClose()
        await refetch()
      },
    }),
  )
  const reset = useMutation(
    administrators.resetFactor.mutationOptions({
      onSuccess: async (enrolment) => {
        onReset({ account, ...enrolment })
        await refetch()
      },
    }),
  )
  const isRemoval = change === 'remove'
  const mutation = isRemoval ? remove : reset
  return (
    <FormDialog<{ code: string }>
      title={isRemoval ? text.removeTitle(account) : text.resetTitle(account)}
      okText={isRemoval ? text.remove : text.reset}
      danger={isRemoval}
      hint={<p>{isRemoval ? text.removeWarning : text.resetWarning}</p>}
      mutation={mutation}
      errors={{ last_credential: text.last }}
      onSubmit={({ code }) => mutation.mutateAsync({ userId, code })}
      onClose={onClose}
    />
  )
}
