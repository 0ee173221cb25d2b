import { Progress, Tag } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../../language/format.ts'
import { useText } from '../../../language/texts.ts'
import type { AdminOutput } from '../../../service/trpc.ts'
import { Nothing, Section } from '../section.tsx'
import { overviewText } from '../text.ts'

type Use = AdminOutput['overview']['quota'][number]

/** Shares of a quota from which an operator should look, and act. */
const near = 0.8
const nearlyOut = 0.95

export function Quota({ quota }: { quota: readonly Use[] }): ReactNode {
  const text = useText(overviewText)
  return (
    <Section title={text.quota} width={6}>
      {quota.length === 0 && <Nothing>{text.noQuota}</Nothing>}
      <ul className="quota">
        {quota.map((use) => (
          <Used key={`${use.appId} ${use.api}`} use={use} />
        ))}
      </ul>
    </Section>
  )
}

function Used({ use: { appId, api, used, limit } }: { use: Use }): ReactNode {
  const text = useText(overviewText)
  const format = useFormat()
  const share = limit === null ? 0 : used / limit
  const state = share >= nearlyOut ? 'error' : share >= near ? 'warning' : 'primary'
  return (
    <li>
      <span>
        <span className="code">{api}</span>
        <span className="code soft">{appId}</span>
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
          aria-label={`${api} ${appId}`}
        />
      )}
    </li>
  )
}
