import { useNavigate } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { type ReactNode, useState } from 'react'
import { DateField } from '../../form/date-field/date-field.tsx'
import { SelectFilter } from '../../form/select-filter.tsx'
import { useText } from '../../language/texts.ts'
import { actionNames } from './action-names.ts'
import { type AuditFilter, kindOf } from './filter.ts'
import { outcomeNames } from './outcome-names.ts'
import { auditText } from './text.ts'

const hour = 3_600_000
const recentPeriods = { hour, day: 24 * hour, week: 7 * 24 * hour, month: 30 * 24 * hour }

/**
 * Filters of the audit log. Typed values apply on submit, not while typing, because each query is an entry of the
 * audit log.
 */
export function AuditFilters({ current }: { current: AuditFilter }): ReactNode {
  const text = useText(auditText)
  const navigate = useNavigate()
  const [draft, setDraft] = useState(current)
  const kind = kindOf(draft)
  const update = (change: AuditFilter) => setDraft({ ...draft, ...change })
  const apply = (change: AuditFilter = {}) => {
    const { userId, operatorId, kind: chosen, ...rest } = { ...draft, ...change }
    const ids = { userId: userId?.trim() || undefined, operatorId: operatorId?.trim() || undefined }
    const isDefault = chosen === kindOf({ ...ids, kind: undefined })
    const search = { ...rest, ...ids, kind: isDefault ? undefined : chosen }
    return navigate({ to: '/audit', search })
  }
  return (
    <search className="card audit-filters" aria-label={text.filters}>
      <form action={() => apply()}>
        <DateField
          withTime
          label={text.from}
          value={draft.from}
          onChange={(from) => update({ from })}
        />
        <DateField withTime label={text.to} value={draft.to} onChange={(to) => update({ to })} />
        <SelectFilter
          label={text.kind}
          anyLabel={text.changes}
          value={kind === 'change' ? undefined : kind}
          options={{ read: text.reads, all: text.allKinds }}
          onSelect={(selected) => apply({ kind: selected ?? 'change' })}
        />
        <SelectFilter
          label={text.action}
          anyLabel={text.anyAction}
          value={draft.action}
          options={useText(actionNames)}
          onSelect={(action) => apply({ action })}
        />
        <SelectFilter
          label={text.outcome}
          anyLabel={text.anyOutcome}
          value={draft.outcome}
          options={useText(outcomeNames)}
          onSelect={(outcome) => apply({ outcome })}
        />
        <Input
          aria-label={text.userHint}
          placeholder={text.userHint}
          maxLength={64}
          value={draft.userId ?? ''}
          onChange={({ target }) => update({ userId: target.value })}
        />
        <Input
          aria-label={text.administratorHint}
          placeholder={text.administratorHint}
          maxLength={64}
          value={draft.operatorId ?? ''}
          onChange={({ target }) => update({ operatorId: target.value })}
        />
        <div>
          <Button type="primary" htmlType="submit">
            {text.apply}
          </Button>
          {Object.keys(current).length > 0 && (
            <Button type="link" onClick={() => navigate({ to: '/audit' })}>
              {text.clear}
            </Button>
          )}
        </div>
        <RecentPeriods onSelect={(from) => apply({ from, to: undefined })} />
      </form>
    </search>
  )
}

function RecentPeriods({ onSelect }: { onSelect: (from: string) => void }): ReactNode {
  const text = useText(auditText)
  const names = Object.keys(recentPeriods) as (keyof typeof recentPeriods)[]
  return (
    <div className="audit-recent-periods">
      <span className="secondary-text">{text.last}</span>
      {names.map((name) => (
        <Button
          key={name}
          type="link"
          size="small"
          onClick={() => onSelect(new Date(Date.now() - recentPeriods[name]).toISOString())}
        >
          {text[name]}
        </Button>
      ))}
    </div>
  )
}
