import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { FormDialog } from '../../form/form-dialog.tsx'
import { useText } from '../../language/texts.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { webhooksText } from './text.ts'
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
  const mutation = useMutation(
    webhooks.create.mutationOptions({
      gcTime: 0,
      onSuccess: async ({ secret }) => {
        onCreated(secret)
        await queryClient.invalidateQueries(webhooks.list.queryFilter())
      },
    }),
  )
  return (
    <FormDialog<WebhookFormValues>
      title={text.createTitle}
      okText={text.create}
      mutation={mutation}
      errors={{ invalid_input: text.urlRefused }}
      onSubmit={mutation.mutateAsync}
      onClose={onClose}
    >
      <WebhookFields />
    </FormDialog>
  )
}
