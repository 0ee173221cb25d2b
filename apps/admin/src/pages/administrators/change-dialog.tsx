import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Form, Modal } from 'antd'
import type { ReactNode } from 'react'
import { OwnCode } from '../../form/own-code.tsx'
import { useText } from '../../language/texts.ts'
import { reasonOf, useErrorMessage } from '../../service/error-message.ts'
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
  const errorMessage = useErrorMessage()
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const { administrators } = useTRPC()
  const [form] = Form.useForm<{ code: string }>()
  const options = { onError: () => form.resetFields() }
  const refetch = () => queryClient.invalidateQueries(administrators.list.queryFilter())
  const remove = useMutation(
    administrators.remove.mutationOptions({
      ...options,
      onSuccess: async () => {
        void message.success(text.removed)
        onClose()
        await refetch()
      },
    }),
  )
  const reset = useMutation(
    administrators.resetFactor.mutationOptions({
      ...options,
      onSuccess: async (enrolment) => {
        onReset({ account, ...enrolment })
        await refetch()
      },
    }),
  )
  const isRemoval = change === 'remove'
  const { mutate, isPending, error } = isRemoval ? remove : reset
  return (
    <Modal
      open
      title={isRemoval ? text.removeTitle(account) : text.resetTitle(account)}
      okText={isRemoval ? text.remove : text.reset}
      okButtonProps={{ danger: isRemoval }}
      confirmLoading={isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p>{isRemoval ? text.removeWarning : text.resetWarning}</p>
      {error !== null && (
        <Alert
          type="error"
          showIcon
          title={
            reasonOf(error) === 'last_credential' ? text.last : errorMessage(error, text.codeWrong)
          }
        />
      )}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={({ code }) => mutate({ userId, code })}
      >
        <OwnCode />
      </Form>
    </Modal>
  )
}
