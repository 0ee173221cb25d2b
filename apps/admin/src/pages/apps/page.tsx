import { useQuery } from '@tanstack/react-query'
import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../language/texts.ts'
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
      <p className="soft apps-intro">{text.intro}</p>
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {data === undefined && error === null && (
        <Skeleton active paragraph={{ rows: 6 }} aria-label={text.loading} />
      )}
      {data?.apps.length === 0 && (
        <div className="card apps-none">
          <h2>{text.none}</h2>
          <p className="soft">{text.noneHint}</p>
        </div>
      )}
      <div className="apps">
        {data?.apps.map((app) => (
          <MiniProgram key={app.appId} app={app} />
        ))}
      </div>
    </Page>
  )
}
