import { Alert } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import type { AdminOutput } from '../../service/trpc-client.ts'
import { appsText, findingText, nextStepText } from './text.ts'

type AppTest = AdminOutput['apps']['test']

/** Findings that pass without a change of the configuration. */
const transientFindings: ReadonlySet<AppTest['finding']> = new Set(['busy', 'quota_used_up'])

/** The result of a credentials test and what to do about it. */
export function TestResult({ result }: { result: AppTest }): ReactNode {
  const text = useText(appsText)
  const sentences = useText(findingText)
  const steps = useText(nextStepText)
  const format = useFormat()
  const { finding, errcode, address, durationMs } = result
  const step = steps[finding]
  const type = finding === 'ok' ? 'success' : transientFindings.has(finding) ? 'warning' : 'error'
  const took = text.took(format.number(Math.round(durationMs)))
  return (
    <Alert
      type={type}
      role="presentation"
      showIcon
      title={sentences[finding]}
      description={
        <>
          {finding !== 'ok' && <p>{typeof step === 'string' ? step : step(address)}</p>}
          <p className="secondary-text">
            {errcode !== null && errcode !== 0 && `${text.errcode(errcode)} · `}
            {took}
          </p>
        </>
      }
    />
  )
}
