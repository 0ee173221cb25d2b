import { ReloadOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Button, Segmented, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import { ErrorAlert } from '../../layout/error-alert.tsx'
import { Page } from '../../layout/page.tsx'
import { layoutText } from '../../layout/text.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { Health } from './health.tsx'
import { KeyFigures } from './key-figures.tsx'
import { Refusals } from './refusals.tsx'
import { Funnel } from './sign-ins/funnel.tsx'
import { SignInsChart } from './sign-ins/sign-ins-chart.tsx'
import { overviewText } from './text.ts'
import { Quota } from './wechat/quota.tsx'
import { WechatResponses } from './wechat/wechat-responses.tsx'
import './overview.css'

const route = getRouteApi('/layout/')
const periods = [7, 14, 30, 90] as const
const defaultDays = 14

export function OverviewPage(): ReactNode {
  const text = useText(overviewText)
  const title = useText(layoutText).overview
  const format = useFormat()
  const { days = defaultDays } = route.useSearch()
  const navigate = route.useNavigate()
  const trpc = useTRPC()
  const { data, error, refetch, isFetching, dataUpdatedAt } = useQuery({
    ...trpc.overview.queryOptions({ days }),
    placeholderData: keepPreviousData,
  })
  const asOf = dataUpdatedAt > 0 && text.asOf(format.time(new Date(dataUpdatedAt).toISOString()))
  const actions = (
    <div className="overview-actions">
      <span className="secondary-text" role="status">
        {asOf}
      </span>
      <Segmented
        aria-label={text.period}
        value={days}
        options={periods.map((value) => ({ value, label: text.days(value) }))}
        onChange={(value) => navigate({ search: { days: value }, replace: true })}
      />
      <Button icon={<ReloadOutlined aria-hidden />} loading={isFetching} onClick={() => refetch()}>
        {text.refresh}
      </Button>
    </div>
  )
  return (
    <Page title={title} actions={actions}>
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {data === undefined && error === null && (
        <Skeleton active paragraph={{ rows: 12 }} aria-label={text.loading} />
      )}
      {data !== undefined && (
        <div className="overview" aria-busy={isFetching}>
          <KeyFigures overview={data} />
          <SignInsChart days={data.days} />
          <Funnel days={data.days} />
          <Refusals refusals={data.refusals} />
          <Quota quota={data.quota} />
          <WechatResponses responses={data.wechat} />
          <Health health={data.health} />
        </div>
      )}
    </Page>
  )
}
