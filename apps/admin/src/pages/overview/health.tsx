import type { ReactNode } from 'react'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import type { AdminOutput } from '../../service/trpc-client.ts'
import { OverviewSection } from './overview-section.tsx'
import { overviewText } from './text.ts'

/** From this event loop delay on, in ms, callers notice the wait. */
const slowEventLoopMs = 100

export function Health({ health }: { health: AdminOutput['overview']['health'] }): ReactNode {
  const text = useText(overviewText)
  const format = useFormat()
  const { heapBytes, rssBytes, databaseBytes, eventLoopP99Ms, version, node } = health
  const isSlow = eventLoopP99Ms > slowEventLoopMs
  const rounded = format.number(Math.round(eventLoopP99Ms * 10) / 10)
  return (
    <OverviewSection title={text.health} width={12}>
      <dl className="totals">
        <div>
          <dt>{text.uptime}</dt>
          <dd title={format.dateTime(health.startedAt)}>
            {format.duration(Date.now() - Date.parse(health.startedAt))}
          </dd>
        </div>
        <div>
          <dt>{text.eventLoop}</dt>
          <dd className={isSlow ? 'overview-warning' : undefined}>
            {text.milliseconds(rounded)}
            {isSlow && <span>{text.slowEventLoop}</span>}
          </dd>
        </div>
        <div>
          <dt>{text.memory}</dt>
          <dd>{text.memoryUsage(format.bytes(rssBytes), format.bytes(heapBytes))}</dd>
        </div>
        <div>
          <dt>{text.database}</dt>
          <dd>{databaseBytes === null ? text.unknownSize : format.bytes(databaseBytes)}</dd>
        </div>
        <div>
          <dt>{text.version}</dt>
          <dd>{text.versions(version, node.replace(/^v/, ''))}</dd>
        </div>
      </dl>
    </OverviewSection>
  )
}
