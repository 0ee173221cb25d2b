import { useQuery } from '@tanstack/react-query'
import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../language/texts.ts'
import { EmptyState } from '../../layout/empty-state.tsx'
import { ErrorAlert } from '../../layout/error-alert.tsx'
import { Page } from '../../layout/page.tsx'
import { layoutText } from '../../layout/text.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { MiniProgram } from './mini-program.tsx'
import { appsText } from './text.ts'
import './apps.css'

export function AppsPage(): ReactNode {
  const text = useText(appsText)
  const title = useText(layoutText).apps
  const { data, error, refetch } = useQuery(useTRPC().apps.list.queryOptions())
  return (
    <Page title={title}>
      <p className="secondary-text apps-intro">{text.intro}</p>
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {data === undefined && error === null && (
        <Skeleton active paragraph={{ rows: 6 }} aria-label={text.loading} />
      )}
      {data?.apps.length === 0 && <EmptyState title={text.none} hint={text.noneHint} />}
      <div className="apps">
        {data?.apps.map((app) => (
          <MiniProgram key={app.appId} app={app} />
        ))}
      </div>
    </Page>
  )
}
