import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../language/texts.ts'
import { RecoveryCodes } from '../../recovery/recovery-codes.tsx'
import { signInText } from './text.ts'

interface KeepStepProps {
  readonly codes: readonly string[]
  readonly onKept: () => void
}

export function KeepStep({ codes, onKept }: KeepStepProps): ReactNode {
  const text = useText(signInText)
  return (
    <>
      <h1>{text.keepTitle}</h1>
      <RecoveryCodes codes={codes} />
      <Button type="primary" block onClick={onKept}>
        {text.kept}
      </Button>
    </>
  )
}
