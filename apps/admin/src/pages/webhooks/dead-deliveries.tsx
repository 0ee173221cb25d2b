import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { SelectFilter } from '../../form/select-filter.tsx'
import { RelativeTime } from '../../language/relative-time.tsx'
import { useText } from '../../language/texts.ts'
import { ErrorAlert } from '../../layout/error-alert.tsx'
import { CursorPagination } from '../../pagination/cursor-pagination.tsx'
import { type AdminOutput, useTRPC } from '../../service/trpc-client.ts'
import { shortUrl } from './short-url.ts'
import { webhooksText } from './text.ts'
import type { DeadRef } from './use-webhook-actions.ts'
import type { ListedWebhook } from './webhook-table.tsx'

type DeadDelivery = AdminOutput['webhooks']['deliveries']['items'][number]

const route = getRouteApi('/layout/webhooks')

interface DeadActions {
  readonly replay: (ref: DeadRef) => void
  readonly discard: (ref: DeadRef) => void
}

/** The deliveries that were given up, of one webhook or of all. */
export function DeadDeliveries({
  webhooks,
  ...actions
}: DeadActions & { webhooks: readonly ListedWebhook[] }): ReactNode {
  const text = useText(webhooksText)
  const { webhook: webhookId, cursor } = route.useSearch()
  const { data, error, refetch, isPlaceholderData } = useQuery(
    useTRPC().webhooks.deliveries.queryOptions(
      { webhookId, cursor },
      { placeholderData: keepPreviousData },
    ),
  )
  const items = data?.items ?? []
  return (
    <section className="card row-table dead-deliveries" aria-labelledby="dead">
      <header>
        <h2 id="dead">{text.dead}</h2>
        <DeadHeader webhooks={webhooks} hasItems={items.length > 0} {...actions} />
      </header>
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {error === null && data === undefined && <Skeleton active title={false} />}
      {data !== undefined && (
        <p className="secondary-text">{items.length === 0 ? text.noDead : text.deadHint}</p>
      )}
      {items.length > 0 && (
        <div aria-busy={isPlaceholderData}>
          <DeadTable items={items} webhooks={webhooks} {...actions} />
        </div>
      )}
      <CursorPagination cursor={cursor} next={data?.next ?? null} />
    </section>
  )
}

/** Chooses the webhook, and replays or discards all of it: of all webhooks together that would be too much at once. */
function DeadHeader({
  webhooks,
  hasItems,
  replay,
  discard,
}: DeadActions & { webhooks: readonly ListedWebhook[]; hasItems: boolean }): ReactNode {
  const text = useText(webhooksText)
  const { webhook } = route.useSearch()
  const navigate = route.useNavigate()
  const [only, ...others] = webhooks
  const webhookId = webhook ?? (others.length === 0 ? only?.id : undefined)
  return (
    <div className="dead-actions">
      {others.length > 0 && (
        <SelectFilter
          label={text.webhook}
          anyLabel={text.anyWebhook}
          value={webhook}
          options={Object.fromEntries(webhooks.map(({ id, url }) => [id, shortUrl(url)]))}
          onSelect={(id) => navigate({ search: id === undefined ? {} : { webhook: id } })}
        />
      )}
      {hasItems && webhookId !== undefined && (
        <>
          <Button onClick={() => replay({ webhookId })}>{text.replayAll}</Button>
          <Button danger onClick={() => discard({ webhookId })}>
            {text.discardAll}
          </Button>
        </>
      )}
    </div>
  )
}

function DeadTable({
  items,
  webhooks,
  replay,
  discard,
}: DeadActions & {
  items: readonly DeadDelivery[]
  webhooks: readonly ListedWebhook[]
}): ReactNode {
  const text = useText(webhooksText)
  const urlOf = (id: string) => webhooks.find((webhook) => webhook.id === id)?.url ?? id
  return (
    <table aria-label={text.dead}>
      <thead>
        <tr>
          <th scope="col">{text.event}</th>
          <th scope="col">{text.webhook}</th>
          <th scope="col">{text.user}</th>
          <th scope="col">{text.happened}</th>
          <th scope="col">{text.error}</th>
          <th scope="col">{text.actions}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ id, eventId, type, webhookId, userId, occurredAt, error, attempts }) => (
          <tr key={id}>
            <td title={eventId} className="code event">
              {type}
            </td>
            <td data-label={text.webhook} title={urlOf(webhookId)} className="code">
              {shortUrl(urlOf(webhookId))}
            </td>
            <td data-label={text.user}>
              {userId === null ? (
                '—'
              ) : (
                <Link to="/people/$userId" params={{ userId }} className="code">
                  {userId}
                </Link>
              )}
            </td>
            <td data-label={text.happened}>
              <RelativeTime at={occurredAt} />
            </td>
            <td data-label={text.error}>
              {error} ({text.attempts(attempts)})
            </td>
            <td className="row-actions">
              <Button size="small" onClick={() => replay({ deliveryId: id })}>
                {text.replay}
              </Button>
              <Button size="small" danger onClick={() => discard({ deliveryId: id })}>
                {text.discard}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
