import type { ReactNode } from 'react'
import { DataTable } from '../../../charts/data-table.tsx'
import { useFormat } from '../../../language/format.ts'
import { useText } from '../../../language/texts.ts'
import type { AdminOutput } from '../../../service/trpc-client.ts'
import { EmptyHint, OverviewSection } from '../overview-section.tsx'
import { overviewText } from '../text.ts'
import { errcodeMeanings } from './errcodes.ts'

type WechatResponse = AdminOutput['overview']['wechat'][number]

/** How often WeChat answered what, and how fast. */
export function WechatResponses({ answers }: { answers: readonly WechatResponse[] }): ReactNode {
  const text = useText(overviewText)
  const format = useFormat()
  const time = (ms: number) => text.milliseconds(format.number(Math.round(ms)))
  const rows = answers
    .toSorted((one, other) => other.count - one.count)
    .map((answer) => ({
      key: `${answer.appId} ${answer.api} ${answer.errcode}`,
      name: <ResponseName answer={answer} />,
      values: [format.number(answer.count), time(answer.meanMs), time(answer.maxMs)],
    }))
  return (
    <OverviewSection title={text.wechat} width={12}>
      {rows.length === 0 && <EmptyHint>{text.noWechat}</EmptyHint>}
      {rows.length > 0 && (
        <DataTable
          label={text.answers}
          head={[text.answer, text.count, text.mean, text.max]}
          rows={rows}
        />
      )}
    </OverviewSection>
  )
}

function ResponseName({ answer: { appId, api, errcode } }: { answer: WechatResponse }): ReactNode {
  const { noAnswer, otherAnswer } = useText(overviewText)
  const meanings: Record<string, string> = useText(errcodeMeanings)
  return (
    <>
      <span className={errcode === 0 ? 'answers-name' : 'answers-name overview-warning'}>
        {errcode === null ? noAnswer : `${meanings[errcode] ?? otherAnswer} (${errcode})`}
      </span>
      <span className="answers-name code soft">
        {api} · {appId}
      </span>
    </>
  )
}
