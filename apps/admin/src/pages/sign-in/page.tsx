import { getRouteApi, useRouter } from '@tanstack/react-router'
import { Alert } from 'antd'
import { type ReactNode, useState } from 'react'
import { useText } from '../../language/texts.ts'
import { LanguageSwitch } from '../../layout/language-switch.tsx'
import { layoutText } from '../../layout/text.ts'
import logo from '../../theme/logo.svg'
import { CodeStep } from './code-step.tsx'
import { EnrolStep } from './enrol-step.tsx'
import { PasswordStep } from './password-step.tsx'
import { RecoveryCodesStep } from './recovery-codes-step.tsx'
import { signInText } from './text.ts'
import './sign-in.css'

type Step =
  | { name: 'password'; timedOut?: boolean }
  | { name: 'enrol' | 'code' }
  | { name: 'recovery-codes'; codes: readonly string[] }

const route = getRouteApi('/sign-in')

/** Password step, then the second factor; afterwards it returns to the page in `back`. */
export function SignInPage(): ReactNode {
  const text = useText(signInText)
  const { console } = useText(layoutText)
  const { back, why } = route.useSearch()
  const { history, basepath } = useRouter()
  const [step, setStep] = useState<Step>({ name: 'password' })
  const restart = (timedOut: boolean) => setStep({ name: 'password', timedOut })
  // The console's base path is put in front, so `back` cannot lead to another site.
  const returnToPage = () => history.replace(`${basepath}${back?.startsWith('/') ? back : '/'}`)
  const onVerified = (codes: readonly string[]) =>
    codes.length > 0 ? setStep({ name: 'recovery-codes', codes }) : returnToPage()
  return (
    <div className="sign-in-page">
      <title>{`${text.title} · ${console}`}</title>
      <header>
        <img src={logo} alt="" width={40} height={40} />
        <p>{console}</p>
      </header>
      <main className="card">
        {step.name === 'password' && step.timedOut && (
          <Alert type="warning" title={text.timedOut} />
        )}
        {step.name === 'password' && !step.timedOut && why !== undefined && (
          <Alert type="info" title={why === 'idle' ? text.idle : text.notAllowed} />
        )}
        {step.name === 'password' && <PasswordStep onDone={(name) => setStep({ name })} />}
        {step.name === 'enrol' && <EnrolStep onVerified={onVerified} onRestart={restart} />}
        {step.name === 'code' && <CodeStep onVerified={onVerified} onRestart={restart} />}
        {step.name === 'recovery-codes' && (
          <RecoveryCodesStep codes={step.codes} onSaved={returnToPage} />
        )}
      </main>
      <LanguageSwitch />
    </div>
  )
}
