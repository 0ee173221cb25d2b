import { useQuery } from '@tanstack/react-query'
import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import { ErrorAlert } from '../../layout/error-alert.tsx'
import { Page } from '../../layout/page.tsx'
import { useTRPC } from '../../service/trpc-client.ts'
import { ChangePassword } from './change-password.tsx'
import { RenewRecoveryCodes } from './renew-recovery-codes.tsx'
import { accountText } from './text.ts'
import './account.css'

export function AccountPage(): ReactNode {
  const text = useText(accountText)
  const format = useFormat()
  const { data, error, refetch } = useQuery(useTRPC().account.current.queryOptions())
  if (error !== null)
    return (
      <Page title={text.title}>
        <ErrorAlert error={error} retry={refetch} />
      </Page>
    )
  if (data === undefined)
    return (
      <Page title={text.title}>
        <Skeleton active />
      </Page>
    )
  const { operator: administrator } = data
  const details = [
    [text.account, administrator.account],
    [text.nickname, administrator.nickname ?? '—'],
    [text.signedIn, format.dateTime(administrator.signedInAt)],
    [text.expires, format.dateTime(administrator.expiresAt)],
    [text.idle, text.minutes(Math.round(administrator.idleTtl / 60_000))],
  ] as const
  return (
    <Page title={text.title}>
      <div className="account-page">
        <dl className="card">
          {details.map(([name, value]) => (
            <div key={name}>
              <dt className="secondary-text">{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <ChangePassword />
        <RenewRecoveryCodes left={administrator.recoveryCodesLeft} />
      </div>
    </Page>
  )
}
