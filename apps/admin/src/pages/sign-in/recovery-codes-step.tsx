import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../language/texts.ts'
import { RecoveryCodes } from '../../recovery-codes/recovery-codes.tsx'
import { signInText } from './text.ts'

interface RecoveryCodesStepProps {
  readonly codes: readonly string[]
  readonly onSaved: () => void
}

export function RecoveryCodesStep({ codes, onSaved }: RecoveryCodesStepProps): ReactNode {
  const text = useText(signInText)
  return (
    <>
      <h1>{text.recoveryCodesTitle}</h1>
      <RecoveryCodes codes={codes} />
      <Button type="primary" block onClick={onSaved}>
        {text.saved}
      </Button>
    </>
  )
}
