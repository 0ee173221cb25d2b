import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, Form, Input, Modal } from 'antd'
import type { ReactNode } from 'react'
import { OwnCode } from '../../form/own-code.tsx'
import { zodRule } from '../../form/zod-rule.ts'
import { useText } from '../../language/texts.ts'
import { useErrorMessage } from '../../service/error-message.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import type { ShownEnrolment } from './enrolment-dialog.tsx'
import { administratorsText } from './text.ts'

interface AddDialogProps {
  readonly onAdded: (enrolment: ShownEnrolment) => void
  readonly onClose: () => void
}

/** Asks for the name and a first password of a new administrator, and for a code of the one who adds. */
export function AddDialog({ onAdded, onClose }: AddDialogProps): ReactNode {
  const text = useText(administratorsText)
  const errorMessage = useErrorMessage()
  const queryClient = useQueryClient()
  const { administrators } = useTRPC()
  const [form] = Form.useForm<{ account: string; password: string; code: string }>()
  const { mutate, isPending, error } = useMutation(
    administrators.add.mutationOptions({
      onSuccess: async (enrolment, { account }) => {
        onAdded({ account, ...enrolment })
        await queryClient.invalidateQueries(administrators.list.queryFilter())
      },
      onError: () => form.resetFields(['code']),
    }),
  )
  return (
    <Modal
      open
      title={text.addTitle}
      okText={text.add}
      confirmLoading={isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p>{text.addHint}</p>
      {error !== null && (
        <Alert type="error" showIcon title={errorMessage(error, text.codeWrong)} />
      )}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        validateTrigger="onSubmit"
        onFinish={mutate}
      >
        <Form.Item
          name="account"
          label={text.account}
          rules={[
            zodRule(
              ({ addAdministratorInput }) => addAdministratorInput.shape.account,
              text.accountNeeded,
            ),
          ]}
        >
          <Input autoComplete="off" autoCapitalize="none" spellCheck={false} autoFocus />
        </Form.Item>
        <Form.Item
          name="password"
          label={text.password}
          rules={[
            zodRule(
              ({ addAdministratorInput }) => addAdministratorInput.shape.password,
              text.passwordNeeded,
            ),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <OwnCode />
      </Form>
    </Modal>
  )
}
