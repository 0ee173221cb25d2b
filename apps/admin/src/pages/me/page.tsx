import { useQuery } from '@tanstack/react-query'
import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import { Page } from '../../layout/page.tsx'
import { Refusal } from '../../layout/refusal.tsx'
import { useTRPC } from '../../service/trpc.ts'
import { Recovery } from './recovery.tsx'
import { meText } from './text.ts'
import './me.css'

export function MePage(): ReactNode {
  const text = useText(meText)
  const format = useFormat()
  const { data, error, refetch } = useQuery(useTRPC().admin.operator.current.queryOptions())
  if (error !== null)
    return (
      <Page title={text.title}>
        <Refusal error={error} retry={refetch} />
      </Page>
    )
  if (data === undefined)
    return (
      <Page title={text.title}>
        <Skeleton active />
      </Page>
    )
  const { operator } = data
  const facts = [
    [text.account, operator.account],
    [text.nickname, operator.nickname ?? '—'],
    [text.signedIn, format.dateTime(operator.signedInAt)],
    [text.expires, format.dateTime(operator.expiresAt)],
    [text.idle, text.minutes(Math.round(operator.idleTtl / 60_000))],
  ] as const
  return (
    <Page title={text.title}>
      <div className="me">
        <dl className="card">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt className="soft">{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <Recovery left={operator.recoveryCodesLeft} />
      </div>
    </Page>
  )
}
