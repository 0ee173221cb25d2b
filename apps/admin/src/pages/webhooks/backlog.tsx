import { Alert } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../language/texts.ts'
import { webhooksText } from './text.ts'

/** The events that no webhook shows as pending: those that are no deliveries yet, and those that cannot be read. */
export function Backlog({
  waiting,
  unreadable,
}: {
  waiting: number
  unreadable: number
}): ReactNode {
  const text = useText(webhooksText)
  return (
    <>
      {waiting > 0 && <Alert type="info" showIcon title={text.waiting(waiting)} />}
      {unreadable > 0 && <Alert type="warning" showIcon title={text.unreadable(unreadable)} />}
    </>
  )
}
