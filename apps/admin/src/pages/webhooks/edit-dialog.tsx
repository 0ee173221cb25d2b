import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Form, Modal } from 'antd'
import type { ReactNode } from 'react'
import { OwnCode } from '../../form/own-code.tsx'
import { useText } from '../../language/texts.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { webhooksText } from './text.ts'
import { WebhookError } from './webhook-error.tsx'
import { WebhookFields, type WebhookFormValues } from './webhook-fields.tsx'
import type { ListedWebhook } from './webhook-table.tsx'

interface ChangeProps {
  readonly webhook: ListedWebhook
  readonly onClose: () => void
}

/** Changes address and events, after a code of the administrator. */
export function EditDialog({ webhook, onClose }: ChangeProps): ReactNode {
  const text = useText(webhooksText)
  const [form] = Form.useForm<WebhookFormValues>()
  const onDone = { text: text.saved, onClose, onError: () => form.resetFields(['code']) }
  const { mutate, isPending, error } = useUpdate(onDone)
  return (
    <Modal
      open
      title={text.editTitle}
      okText={text.save}
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
        initialValues={{ url: webhook.url, events: [...webhook.events] }}
        onFinish={(values) => mutate({ webhookId: webhook.id, ...values })}
      >
        <WebhookFields />
      </Form>
    </Modal>
  )
}

/** Disables a webhook, or enables it again, after a code of the administrator. */
export function SwitchDialog({ webhook, onClose }: ChangeProps): ReactNode {
  const text = useText(webhooksText)
  const [form] = Form.useForm<{ code: string }>()
  const enabled = webhook.disabledAt !== null
  const { mutate, isPending, error } = useUpdate({
    text: enabled ? text.enabledNow : text.disabledNow,
    onClose,
    onError: () => form.resetFields(),
  })
  return (
    <Modal
      open
      title={enabled ? text.enableTitle : text.disableTitle}
      okText={enabled ? text.enable : text.disable}
      okButtonProps={{ danger: !enabled }}
      confirmLoading={isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p className="code">{webhook.url}</p>
      <p>{enabled ? text.enableHint : text.disableWarning}</p>
      <WebhookError error={error} />
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={({ code }) => mutate({ webhookId: webhook.id, enabled, code })}
      >
        <OwnCode />
      </Form>
    </Modal>
  )
}

function useUpdate({
  text,
  onClose,
  onError,
}: {
  text: string
  onClose: () => void
  onError: () => void
}) {
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const { webhooks } = useTRPC()
  return useMutation(
    webhooks.update.mutationOptions({
      onSuccess: async () => {
        void message.success(text)
        onClose()
        await queryClient.invalidateQueries(webhooks.list.queryFilter())
      },
      onError,
    }),
  )
}
