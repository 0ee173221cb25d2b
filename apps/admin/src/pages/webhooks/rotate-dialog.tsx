import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Form, InputNumber, Modal } from 'antd'
import type { ReactNode } from 'react'
import { OwnCode } from '../../form/own-code.tsx'
import { useText } from '../../language/texts.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { webhooksText } from './text.ts'
import { WebhookError } from './webhook-error.tsx'
import type { ListedWebhook } from './webhook-table.tsx'

interface RotateDialogProps {
  readonly webhook: ListedWebhook
  readonly onRotated: (secret: string) => void
  readonly onClose: () => void
}

/** Asks how long the secret before signs too, and for a code of the administrator who rotates it. */
export function RotateDialog({ webhook, onRotated, onClose }: RotateDialogProps): ReactNode {
  const text = useText(webhooksText)
  const queryClient = useQueryClient()
  const { webhooks } = useTRPC()
  const [form] = Form.useForm<{ overlapHours: number; code: string }>()
  const { mutate, isPending, error } = useMutation(
    webhooks.rotateSecret.mutationOptions({
      gcTime: 0,
      onSuccess: async ({ secret }) => {
        onRotated(secret)
        await queryClient.invalidateQueries(webhooks.list.queryFilter())
      },
      onError: () => form.resetFields(['code']),
    }),
  )
  return (
    <Modal
      open
      title={text.rotateTitle}
      okText={text.rotate}
      confirmLoading={isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p className="code">{webhook.url}</p>
      <p>{text.rotateHint}</p>
      <WebhookError error={error} />
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ overlapHours: 24 }}
        onFinish={(values) => mutate({ webhookId: webhook.id, ...values })}
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
