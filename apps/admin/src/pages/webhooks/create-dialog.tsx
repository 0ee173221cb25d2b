import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Form, Modal } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../language/texts.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { webhooksText } from './text.ts'
import { WebhookError } from './webhook-error.tsx'
import { WebhookFields, type WebhookFormValues } from './webhook-fields.tsx'

interface CreateDialogProps {
  readonly onCreated: (secret: string) => void
  readonly onClose: () => void
}

/** Asks for the address and the events of a webhook, and for a code of the administrator who creates it. */
export function CreateDialog({ onCreated, onClose }: CreateDialogProps): ReactNode {
  const text = useText(webhooksText)
  const queryClient = useQueryClient()
  const { webhooks } = useTRPC()
  const [form] = Form.useForm<WebhookFormValues>()
  const { mutate, isPending, error } = useMutation(
    webhooks.create.mutationOptions({
      gcTime: 0,
      onSuccess: async ({ secret }) => {
        onCreated(secret)
        await queryClient.invalidateQueries(webhooks.list.queryFilter())
      },
      onError: () => form.resetFields(['code']),
    }),
  )
  return (
    <Modal
      open
      title={text.createTitle}
      okText={text.create}
      confirmLoading={isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <WebhookError error={error} />
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        validateTrigger="onSubmit"
        onFinish={mutate}
      >
        <WebhookFields />
      </Form>
    </Modal>
  )
}
