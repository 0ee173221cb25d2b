import { Progress, Tag } from 'antd'
import type { ReactNode } from 'react'
import { AppName } from '../../../app-name/app-name.tsx'
import { useAppName } from '../../../app-name/use-app-name.ts'
import { useFormat } from '../../../language/format.ts'
import { useText } from '../../../language/texts.ts'
import type { AdminOutput } from '../../../service/trpc-client.ts'
import { EmptyHint, OverviewSection } from '../overview-section.tsx'
import { overviewText } from '../text.ts'

type QuotaUsage = AdminOutput['overview']['quota'][number]

/** Shares of a quota from which the page warns, and reports that the quota is almost used up. */
const warningShare = 0.8
const errorShare = 0.95

export function Quota({ quota }: { quota: readonly QuotaUsage[] }): ReactNode {
  const text = useText(overviewText)
  return (
    <OverviewSection title={text.quota} width={6}>
      {quota.length === 0 && <EmptyHint>{text.noQuota}</EmptyHint>}
      <ul className="quota">
        {quota.map((usage) => (
          <QuotaItem key={`${usage.appId} ${usage.api}`} usage={usage} />
        ))}
      </ul>
    </OverviewSection>
  )
}

function QuotaItem({ usage: { appId, api, used, limit } }: { usage: QuotaUsage }): ReactNode {
  const text = useText(overviewText)
  const format = useFormat()
  const nameOf = useAppName()
  const share = limit === null ? 0 : used / limit
  const state = share >= errorShare ? 'error' : share >= warningShare ? 'warning' : 'primary'
  return (
    <li>
      <span>
        <span className="code">{api}</span>
        <span className="secondary-text">
          <AppName appId={appId} />
        </span>
      </span>
      <span className="bar-value">
        {state === 'error' && <Tag color="error">{text.atLimit}</Tag>}
        {state === 'warning' && <Tag color="warning">{text.nearLimit}</Tag>}
        {limit === null
          ? text.noLimit(format.number(used))
          : text.quotaUsed(format.number(used), format.number(limit))}
      </span>
      {limit !== null && (
        <Progress
          percent={Math.min(100, 100 * share)}
          showInfo={false}
          size="small"
          strokeColor={`var(--ant-color-${state})`}
          aria-label={`${api} ${nameOf(appId)}`}
        />
      )}
    </li>
  )
}
