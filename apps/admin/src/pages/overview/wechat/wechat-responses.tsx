import type { ReactNode } from 'react'
import { AppName } from '../../../app-name/app-name.tsx'
import { DataTable } from '../../../charts/data-table.tsx'
import { useFormat } from '../../../language/format.ts'
import { useText } from '../../../language/texts.ts'
import type { AdminOutput } from '../../../service/trpc-client.ts'
import { EmptyHint, OverviewSection } from '../overview-section.tsx'
import { overviewText } from '../text.ts'
import { errcodeMeanings } from './errcodes.ts'

type WechatResponse = AdminOutput['overview']['wechat'][number]

/** Number and duration of WeChat's responses, by API and errcode. */
export function WechatResponses({
  responses,
}: {
  responses: readonly WechatResponse[]
}): ReactNode {
  const text = useText(overviewText)
  const format = useFormat()
  const time = (ms: number) => text.milliseconds(format.number(Math.round(ms)))
  const rows = responses
    .toSorted((one, other) => other.count - one.count)
    .map((response) => ({
      key: `${response.appId} ${response.api} ${response.errcode}`,
      name: <ResponseName response={response} />,
      values: [format.number(response.count), time(response.meanMs), time(response.maxMs)],
    }))
  return (
    <OverviewSection title={text.wechat} width={12}>
      {rows.length === 0 && <EmptyHint>{text.noWechat}</EmptyHint>}
      {rows.length > 0 && (
        <DataTable
          label={text.responses}
          head={[text.response, text.count, text.mean, text.max]}
          rows={rows}
        />
      )}
    </OverviewSection>
  )
}

function ResponseName({
  response: { appId, api, errcode },
}: {
  response: WechatResponse
}): ReactNode {
  const { noResponse, otherError } = useText(overviewText)
  const meanings: Record<string, string> = useText(errcodeMeanings)
  return (
    <>
      <span className={errcode === 0 ? 'response-name' : 'response-name overview-warning'}>
        {errcode === null ? noResponse : `${meanings[errcode] ?? otherError} (${errcode})`}
      </span>
      <span className="response-name code secondary-text">
        {api} · <AppName appId={appId} />
      </span>
    </>
  )
}
