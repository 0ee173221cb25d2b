import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { FormDialog } from '../../form/form-dialog.tsx'
import { OverlapHours, type RotationValues } from '../../form/overlap-hours.tsx'
import { useText } from '../../language/texts.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { webhooksText } from './text.ts'
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
  const mutation = useMutation(
    webhooks.rotateSecret.mutationOptions({
      gcTime: 0,
      onSuccess: async ({ secret }) => {
        onRotated(secret)
        await queryClient.invalidateQueries(webhooks.list.queryFilter())
      },
    }),
  )
  return (
    <FormDialog<RotationValues>
      title={text.rotateTitle}
      okText={text.rotate}
      hint={
        <>
          <p className="code">{webhook.url}</p>
          <p>{text.rotateHint}</p>
        </>
      }
      initialValues={{ overlapHours: 24 }}
      mutation={mutation}
      onSubmit={(values) => mutation.mutateAsync({ webhookId: webhook.id, ...values })}
      onClose={onClose}
    >
      <OverlapHours label={text.overlap} needed={text.overlapNeeded} />
    </FormDialog>
  )
}
