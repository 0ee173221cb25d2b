import { Button } from 'antd'
import { type FormEvent, type ReactNode, useState } from 'react'
import { DateField } from '../../form/date-field/date-field.tsx'
import { useText } from '../../language/texts.ts'
import { type DayRange, faultOf, maxDays, today } from './day-range.ts'
import { overviewText } from './text.ts'

interface RangeFormProps {
  readonly current: DayRange
  readonly onApply: (range: DayRange) => void
}

/** An end is undefined while it is empty. */
type Draft = { readonly [End in keyof DayRange]: string | undefined }

/** Two days between which the overview counts. They apply on submit: each query is an entry of the audit log. */
export function RangeForm({ current, onApply }: RangeFormProps): ReactNode {
  const text = useText(overviewText)
  const [draft, setDraft] = useState<Draft>(current)
  const [fault, setFault] = useState<string>()
  const update = (change: Partial<Draft>) => {
    setFault(undefined)
    setDraft({ ...draft, ...change })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const { from, to } = draft
    if (from === undefined || to === undefined) return setFault(text.bothDays)
    const found = faultOf({ from, to })
    if (found === null) return onApply({ from, to })
    setFault({ ...text, tooLong: text.tooLong(maxDays) }[found])
  }
  return (
    <search className="card overview-range" aria-label={text.custom}>
      <form onSubmit={submit}>
        <DateField
          label={text.from}
          value={draft.from}
          max={today()}
          onChange={(from) => update({ from })}
        />
        <DateField
          label={text.to}
          value={draft.to}
          max={today()}
          onChange={(to) => update({ to })}
        />
        <Button type="primary" htmlType="submit">
          {text.apply}
        </Button>
      </form>
      <p role="alert" className="overview-range-fault">
        {fault}
      </p>
    </search>
  )
}
