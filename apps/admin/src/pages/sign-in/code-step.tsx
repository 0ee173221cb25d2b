import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useText } from '../../language/texts.ts'
import { CodeForm, type SecondFactorProps } from './code-form.tsx'
import { signInText } from './text.ts'

export function CodeStep({ onVerified, onRestart }: SecondFactorProps): ReactNode {
  const text = useText(signInText)
  const [kind, setKind] = useState<'digits' | 'recovery'>('digits')
  const digits = kind === 'digits'
  return (
    <>
      <h1>{text.codeTitle}</h1>
      <p className="secondary-text">{digits ? text.codeHint : text.recoveryHint}</p>
      <CodeForm key={kind} kind={kind} onVerified={onVerified} onRestart={onRestart} />
      <div className="button-pair">
        <Button type="link" onClick={() => setKind(digits ? 'recovery' : 'digits')}>
          {digits ? text.useRecovery : text.useCode}
        </Button>
        <Button type="link" onClick={() => onRestart(false)}>
          {text.back}
        </Button>
      </div>
    </>
  )
}
