import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import type { ReactNode } from 'react'
// The names of months and days. The words of the calendar come from antd's locale.
import 'dayjs/locale/zh-cn'
import './date-field.css'

export interface DateInputProps {
  readonly label: string
  /** `YYYY-MM-DD`, or ISO 8601 where `withTime` is set; undefined for none. */
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
  /** The last day that can be chosen, as `YYYY-MM-DD`. */
  readonly max?: string
  /** Asks for hours and minutes too, in the browser's time zone. */
  readonly withTime?: boolean
}

const dayFormat = 'YYYY-MM-DD'

export default function DateInput(props: DateInputProps): ReactNode {
  const { label, value, onChange, max, withTime = false } = props
  return (
    <DatePicker
      className="date-field"
      aria-label={label}
      prefix={<span className="secondary-text">{label}</span>}
      placeholder=""
      format={withTime ? `${dayFormat} HH:mm` : dayFormat}
      showTime={withTime && { format: 'HH:mm' }}
      needConfirm={false}
      value={value === undefined ? null : dayjs(value)}
      {...(max === undefined ? {} : { maxDate: dayjs(max) })}
      // The picker would bring back the date that was deleted from the input.
      onBlur={({ target }) =>
        target instanceof HTMLInputElement && !target.value && onChange(undefined)
      }
      onChange={(date) => {
        // The calendar begins with the seconds of now, which the input does not show.
        const chosen = date?.startOf(withTime ? 'minute' : 'day')
        onChange(withTime ? chosen?.toISOString() : chosen?.format(dayFormat))
      }}
    />
  )
}
