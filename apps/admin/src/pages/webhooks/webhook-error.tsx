import { Alert } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../language/texts.ts'
import { reasonOf, useErrorMessage } from '../../service/error-message.ts'
import { webhooksText } from './text.ts'

/** The error of a dialog that changes a webhook; nothing where there is none. */
export function WebhookError({ error }: { error: unknown }): ReactNode {
  const text = useText(webhooksText)
  const errorMessage = useErrorMessage()
  if (error === null) return null
  const isRefused = reasonOf(error) === 'invalid_input'
  return (
    <Alert
      type="error"
      showIcon
      title={isRefused ? text.urlRefused : errorMessage(error, text.codeWrong)}
    />
  )
}
