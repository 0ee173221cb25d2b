import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../language/texts.ts'
import { useFailureSentence } from '../service/failure.ts'
import { layoutText } from './text.ts'

/** Stands where something should be that could not be fetched. */
export function Refusal({ error, retry }: { error: unknown; retry?: () => void }): ReactNode {
  const sentenceOf = useFailureSentence()
  const { tryAgain } = useText(layoutText)
  const action = retry && <Button onClick={retry}>{tryAgain}</Button>
  return <Alert type="error" showIcon title={sentenceOf(error)} action={action} />
}
