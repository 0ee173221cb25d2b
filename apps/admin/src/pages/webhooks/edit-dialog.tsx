import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import type { ReactNode } from 'react'
import { FormDialog } from '../../form/form-dialog.tsx'
import { useText } from '../../language/texts.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { webhooksText } from './text.ts'
import { WebhookFields, type WebhookFormValues } from './webhook-fields.tsx'
import type { ListedWebhook } from './webhook-table.tsx'

interface ChangeProps {
  readonly webhook: ListedWebhook
  readonly onClose: () => void
}

/** Changes address and events, after a code of the administrator. */
export function EditDialog({ webhook, onClose }: ChangeProps): ReactNode {
  const text = useText(webhooksText)
  const mutation = useUpdate(text.saved, onClose)
  return (
    <FormDialog<WebhookFormValues>
      title={text.editTitle}
      okText={text.save}
      initialValues={{ url: webhook.url, events: [...webhook.events] }}
      mutation={mutation}
      errors={{ invalid_input: text.urlRefused }}
      onSubmit={(values) => mutation.mutateAsync({ webhookId: webhook.id, ...values })}
      onClose={onClose}
    >
      <WebhookFields />
    </FormDialog>
  )
}

/** Disables a webhook, or enables it again, after a code of the administrator. */
export function SwitchDialog({ webhook, onClose }: ChangeProps): ReactNode {
  const text = useText(webhooksText)
  const enabled = webhook.disabledAt !== null
  const mutation = useUpdate(enabled ? text.enabledNow : text.disabledNow, onClose)
  return (
    <FormDialog<{ code: string }>
      title={enabled ? text.enableTitle : text.disableTitle}
      okText={enabled ? text.enable : text.disable}
      danger={!enabled}
      hint={
        <>
          <p className="code">{webhook.url}</p>
          <p>{enabled ? text.enableHint : text.disableWarning}</p>
        </>
      }
      mutation={mutation}
      errors={{ invalid_input: text.urlRefused }}
      onSubmit={({ code }) => mutation.mutateAsync({ webhookId: webhook.id, enabled, code })}
      onClose={onClose}
    />
  )
}

function useUpdate(done: string, onClose: () => void) {
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const { webhooks } = useTRPC()
  return useMutation(
    webhooks.update.mutationOptions({
      onSuccess: async () => {
        void message.success(done)
        onClose()
        await queryClient.invalidateQueries(webhooks.list.queryFilter())
      },
    }),
  )
}
