import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../language/texts.ts'
import { useErrorMessage } from '../service/error-message.ts'
import { layoutText } from './text.ts'

/** Error message in place of data that could not be loaded, with a retry button if `retry` is set. */
export function ErrorAlert({ error, retry }: { error: unknown; retry?: () => void }): ReactNode {
  const errorMessage = useErrorMessage()
  const { tryAgain } = useText(layoutText)
  const action = retry && <Button onClick={retry}>{tryAgain}</Button>
  return <Alert type="error" showIcon title={errorMessage(error)} action={action} />
}
