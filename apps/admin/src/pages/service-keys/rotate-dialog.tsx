import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, Form, InputNumber, Modal } from 'antd'
import type { ReactNode } from 'react'
import { OwnCode } from '../../form/own-code.tsx'
import { useText } from '../../language/texts.ts'
import { useErrorMessage } from '../../service/error-message.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import type { ShownKey } from './key-dialog.tsx'
import type { ListedKey } from './key-table.tsx'
import { serviceKeysText } from './text.ts'

interface RotateDialogProps {
  readonly rotated: ListedKey
  readonly onRotated: (key: ShownKey) => void
  readonly onClose: () => void
}

/** Asks how long the key before stays valid, and for a code of the administrator who rotates it. */
export function RotateDialog({ rotated, onRotated, onClose }: RotateDialogProps): ReactNode {
  const text = useText(serviceKeysText)
  const errorMessage = useErrorMessage()
  const queryClient = useQueryClient()
  const { serviceKeys } = useTRPC()
  const { id: keyId, name } = rotated
  const [form] = Form.useForm<{ overlapHours: number; code: string }>()
  const { mutate, isPending, error } = useMutation(
    serviceKeys.rotate.mutationOptions({
      gcTime: 0,
      onSuccess: async ({ key: secret }) => {
        onRotated({ name, secret })
        await queryClient.invalidateQueries(serviceKeys.list.queryFilter())
      },
      onError: () => form.resetFields(['code']),
    }),
  )
  return (
    <Modal
      open
      title={text.rotateTitle(name)}
      okText={text.rotate}
      confirmLoading={isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p>{text.rotateHint}</p>
      {error !== null && (
        <Alert type="error" showIcon title={errorMessage(error, text.codeWrong)} />
      )}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ overlapHours: 24 }}
        onFinish={(values) => mutate({ keyId, ...values })}
      >
        <Form.Item
          name="overlapHours"
          label={text.overlap}
          rules={[{ required: true, message: text.overlapNeeded }]}
        >
          <InputNumber min={0} max={720} precision={0} />
        </Form.Item>
        <OwnCode />
      </Form>
    </Modal>
  )
}
