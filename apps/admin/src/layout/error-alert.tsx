import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../language/texts.ts'
import { useErrorMessage } from '../service/error-message.ts'
import { layoutText } from './text.ts'

/** Stands where something should be that could not be fetched. */
export function ErrorAlert({ error, retry }: { error: unknown; retry?: () => void }): ReactNode {
  const errorMessage = useErrorMessage()
  const { tryAgain } = useText(layoutText)
  const action = retry && <Button onClick={retry}>{tryAgain}</Button>
  return <Alert type="error" showIcon title={errorMessage(error)} action={action} />
}
