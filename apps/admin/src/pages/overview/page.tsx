import { ReloadOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Button, Segmented, Skeleton } from 'antd'
import { type ReactNode, useState } from 'react'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import { ErrorAlert } from '../../layout/error-alert.tsx'
import { Page } from '../../layout/page.tsx'
import { layoutText } from '../../layout/text.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { lastDays } from './day-range.ts'
import { Health } from './health.tsx'
import { KeyFigures } from './key-figures.tsx'
import { RangeForm } from './range-form.tsx'
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
/** The choice of two days instead of the last ones. */
const custom = 'custom'

export function OverviewPage(): ReactNode {
  const text = useText(overviewText)
  const title = useText(layoutText).overview
  const format = useFormat()
  const { days = defaultDays, from, to } = route.useSearch()
  const range = from !== undefined && to !== undefined ? { from, to } : undefined
  // The form is shown before a range is in the URL.
  const [isChoosing, setIsChoosing] = useState(false)
  const isCustom = isChoosing || range !== undefined
  const navigate = route.useNavigate()
  const trpc = useTRPC()
  const { data, error, refetch, isFetching, dataUpdatedAt } = useQuery({
    ...trpc.overview.queryOptions(range ?? { days }),
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
        value={isCustom ? custom : days}
        options={[
          ...periods.map((value) => ({ value, label: text.days(value) })),
          { value: custom, label: text.custom },
        ]}
        onChange={(value) => {
          setIsChoosing(value === custom)
          if (value !== custom) void navigate({ search: { days: value }, replace: true })
        }}
      />
      <Button icon={<ReloadOutlined aria-hidden />} loading={isFetching} onClick={() => refetch()}>
        {text.refresh}
      </Button>
    </div>
  )
  return (
    <Page title={title} actions={actions}>
      {isCustom && (
        <RangeForm
          key={JSON.stringify(range)}
          current={range ?? lastDays(days)}
          onApply={(search) => navigate({ search })}
        />
      )}
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {data === undefined && error === null && (
        <Skeleton active paragraph={{ rows: 12 }} aria-label={text.loading} />
      )}
      {data !== undefined && (
        <div className="overview" aria-busy={isFetching}>
          <KeyFigures overview={data} />
          <SignInsChart days={data.days} />
          <Funnel days={data.days} />
          <Refusals refusals={data.refusals} range={range} />
          <Quota quota={data.quota} />
          <WechatResponses responses={data.wechat} />
          <Health health={data.health} />
        </div>
      )}
    </Page>
  )
}
