import { Input } from 'antd'
import { lazy, type ReactNode, Suspense } from 'react'
import type { DateInputProps } from './date-input.tsx'

/** Loaded apart from the pages: the calendar is larger than the list of people. */
const DateInput = lazy(() => import('./date-input.tsx'))

/**
 * A date, or a date with a time, in the language of the console. It is chosen from a calendar or typed. The native input
 * would follow the language of the browser instead.
 */
export function DateField(props: DateInputProps): ReactNode {
  return (
    <Suspense fallback={<Input disabled aria-label={props.label} prefix={props.label} />}>
      <DateInput {...props} />
    </Suspense>
  )
}
