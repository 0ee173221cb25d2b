import { Button, Tag } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../language/format.ts'
import { RelativeTime } from '../../language/relative-time.tsx'
import { useText } from '../../language/texts.ts'
import type { AdminOutput } from '../../service/trpc-client.ts'
import { webhooksText } from './text.ts'

export type ListedWebhook = AdminOutput['webhooks']['list']['webhooks'][number]

interface WebhookActions {
  readonly onTest: (webhook: ListedWebhook) => void
  readonly onEdit: (webhook: ListedWebhook) => void
  readonly onSwitch: (webhook: ListedWebhook) => void
  readonly onRotate: (webhook: ListedWebhook) => void
  readonly onRemove: (webhook: ListedWebhook) => void
}

export function WebhookTable({
  webhooks,
  ...actions
}: WebhookActions & { webhooks: readonly ListedWebhook[] }): ReactNode {
  const text = useText(webhooksText)
  return (
    <div className="card row-table webhook-table">
      <table aria-label={text.list}>
        <thead>
          <tr>
            <th scope="col">{text.url}</th>
            <th scope="col">{text.events}</th>
            <th scope="col">{text.status}</th>
            <th scope="col">{text.pending}</th>
            <th scope="col">{text.created}</th>
            <th scope="col">{text.actions}</th>
          </tr>
        </thead>
        <tbody>
          {webhooks.map((webhook) => (
            <Row key={webhook.id} webhook={webhook} {...actions} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ webhook, ...actions }: WebhookActions & { webhook: ListedWebhook }): ReactNode {
  const text = useText(webhooksText)
  const { id, url, events, pending, oldestPendingAt, createdAt, disabledAt } = webhook
  return (
    <tr>
      <td title={id} className="url">
        <span className="code">{url}</span>
      </td>
      <td data-label={text.events} className="events">
        <span className="code">{events.join(' ')}</span>
      </td>
      <td data-label={text.status} className="status">
        <Status webhook={webhook} />
      </td>
      <td data-label={text.pending}>
        {pending === 0 ? (
          text.noPending
        ) : (
          <>
            {text.pendingSince(pending)} <RelativeTime at={oldestPendingAt} />
          </>
        )}
      </td>
      <td data-label={text.created}>
        <RelativeTime at={createdAt} />
      </td>
      <td className="row-actions">
        <Button size="small" disabled={disabledAt !== null} onClick={() => actions.onTest(webhook)}>
          {text.test}
        </Button>
        <Button size="small" onClick={() => actions.onEdit(webhook)}>
          {text.edit}
        </Button>
        <Button size="small" onClick={() => actions.onRotate(webhook)}>
          {text.rotate}
        </Button>
        <Button size="small" onClick={() => actions.onSwitch(webhook)}>
          {disabledAt === null ? text.disable : text.enable}
        </Button>
        <Button size="small" danger onClick={() => actions.onRemove(webhook)}>
          {text.remove}
        </Button>
      </td>
    </tr>
  )
}

function Status({ webhook }: { webhook: ListedWebhook }): ReactNode {
  const text = useText(webhooksText)
  const format = useFormat()
  const { disabledAt, disabledReason, lastError, previousSecretUntil } = webhook
  const isRotating = previousSecretUntil !== null && Date.parse(previousSecretUntil) > Date.now()
  return (
    <span className="webhook-status">
      {disabledAt !== null && (
        <Tag color="error">{disabledReason === 'gone' ? text.gone : text.disabled}</Tag>
      )}
      {lastError !== null && <Tag color="warning">{text.failing(lastError)}</Tag>}
      {disabledAt === null && lastError === null && <Tag color="success">{text.active}</Tag>}
      {isRotating && (
        <Tag color="processing">{text.rotating(format.dateTime(previousSecretUntil))}</Tag>
      )}
    </span>
  )
}
