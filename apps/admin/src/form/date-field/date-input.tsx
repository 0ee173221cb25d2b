import { DatePicker } from 'antd'
import en from 'antd/es/date-picker/locale/en_US'
import zh from 'antd/es/date-picker/locale/zh_CN'
import dayjs from 'dayjs'
import type { ReactNode } from 'react'
// The names of months and days.
import 'dayjs/locale/zh-cn'
import { useLanguage } from '../../language/language.ts'
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

/**
 * The words of the calendar. The buttons with the year and the month are called by what they show: a label that differs
 * from it does not work with speech control (WCAG 2.5.3).
 */
const withoutLabels = (locale: typeof en): typeof en => ({
  ...locale,
  lang: { ...locale.lang, yearSelect: '', monthSelect: '' },
})
const locales = { zh: withoutLabels(zh), en: withoutLabels(en) }

/** The columns of hours and minutes scroll, so they must take the focus of the keyboard; antd does not let them. */
function makeScrollable(panel: HTMLDivElement | null): void {
  for (const column of panel?.querySelectorAll('ul') ?? []) column.tabIndex = 0
}

export default function DateInput(props: DateInputProps): ReactNode {
  const { label, value, onChange, max, withTime = false } = props
  return (
    <DatePicker
      className="date-field"
      locale={locales[useLanguage()]}
      aria-label={label}
      prefix={<span className="secondary-text">{label}</span>}
      placeholder=""
      format={withTime ? `${dayFormat} HH:mm` : dayFormat}
      showTime={withTime && { format: 'HH:mm' }}
      needConfirm={false}
      panelRender={(panel) => <div ref={makeScrollable}>{panel}</div>}
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
