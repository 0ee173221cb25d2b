import { ReloadOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Skeleton } from 'antd'
import { type ReactNode, useState } from 'react'
import { useText } from '../../language/texts.ts'
import { EmptyState } from '../../layout/empty-state.tsx'
import { ErrorAlert } from '../../layout/error-alert.tsx'
import { Page } from '../../layout/page.tsx'
import { layoutText } from '../../layout/text.ts'
import { SecretDialog } from '../../secret/secret-dialog.tsx'
import { useTRPC } from '../../service/trpc-client.ts'
import { Backlog } from './backlog.tsx'
import { CreateDialog } from './create-dialog.tsx'
import { DeadDeliveries } from './dead-deliveries.tsx'
import { EditDialog, SwitchDialog } from './edit-dialog.tsx'
import { RotateDialog } from './rotate-dialog.tsx'
import { webhooksText } from './text.ts'
import { useWebhookActions } from './use-webhook-actions.ts'
import { type ListedWebhook, WebhookTable } from './webhook-table.tsx'
import '../../theme/row-table.css'
import './webhooks.css'

type Dialog =
  | { readonly name: 'create' }
  | { readonly name: 'edit' | 'switch' | 'rotate'; readonly of: ListedWebhook }
  | { readonly name: 'secret'; readonly secret: string }

/** The webhooks, and their deliveries that were given up. What sends data or shows a secret asks for a fresh code. */
export function WebhooksPage(): ReactNode {
  const text = useText(webhooksText)
  const { webhooks: title } = useText(layoutText)
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { data, error, refetch, isFetching } = useQuery(trpc.webhooks.list.queryOptions())
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const actions = useWebhookActions()
  const webhooks = data?.webhooks ?? []
  return (
    <Page
      title={title}
      actions={
        <div className="webhooks-actions">
          <Button
            icon={<ReloadOutlined aria-hidden />}
            loading={isFetching}
            onClick={() => queryClient.invalidateQueries(trpc.webhooks.pathFilter())}
          >
            {text.refresh}
          </Button>
          <Button type="primary" onClick={() => setDialog({ name: 'create' })}>
            {text.create}
          </Button>
        </div>
      }
    >
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {error === null && data === undefined && (
        <div className="card">
          <Skeleton active title={false} paragraph={{ rows: 4 }} aria-label={text.loading} />
        </div>
      )}
      {data !== undefined && <Backlog waiting={data.waiting} unreadable={data.unreadable} />}
      {data?.webhooks.length === 0 && <EmptyState title={text.none} hint={text.hint} />}
      {webhooks.length > 0 && (
        <>
          <WebhookTable
            webhooks={webhooks}
            onTest={actions.test}
            onEdit={(of) => setDialog({ name: 'edit', of })}
            onSwitch={(of) => setDialog({ name: 'switch', of })}
            onRotate={(of) => setDialog({ name: 'rotate', of })}
            onRemove={actions.remove}
          />
          <DeadDeliveries webhooks={webhooks} replay={actions.replay} discard={actions.discard} />
        </>
      )}
      <OpenDialog dialog={dialog} setDialog={setDialog} />
    </Page>
  )
}

function OpenDialog({
  dialog,
  setDialog,
}: {
  dialog: Dialog | null
  setDialog: (dialog: Dialog | null) => void
}): ReactNode {
  const text = useText(webhooksText)
  const onClose = () => setDialog(null)
  const show = (secret: string) => setDialog({ name: 'secret', secret })
  switch (dialog?.name) {
    case 'create':
      return <CreateDialog onCreated={show} onClose={onClose} />
    case 'edit':
      return <EditDialog webhook={dialog.of} onClose={onClose} />
    case 'switch':
      return <SwitchDialog webhook={dialog.of} onClose={onClose} />
    case 'rotate':
      return <RotateDialog webhook={dialog.of} onRotated={show} onClose={onClose} />
    case 'secret':
      return (
        <SecretDialog
          title={text.secretTitle}
          hint={text.secretHint}
          secret={dialog.secret}
          onClose={onClose}
        />
      )
    default:
      return null
  }
}
