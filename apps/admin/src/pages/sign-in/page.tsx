import { getRouteApi, useRouter } from '@tanstack/react-router'
import { Alert } from 'antd'
import { type ReactNode, useState } from 'react'
import { useText } from '../../language/texts.ts'
import { LanguageSwitch } from '../../layout/language-switch.tsx'
import { layoutText } from '../../layout/text.ts'
import mark from '../../look/mark.svg'
import { CodeStep } from './code-step.tsx'
import { EnrolStep } from './enrol-step.tsx'
import { KeepStep } from './keep-step.tsx'
import { PasswordStep } from './password-step.tsx'
import { signInText } from './text.ts'
import './sign-in.css'

type Step =
  | { name: 'password'; tooLate?: boolean }
  | { name: 'enrol' | 'code' }
  | { name: 'keep'; codes: readonly string[] }

const route = getRouteApi('/sign-in')

/** Password, then the second factor; the page before comes back afterwards. */
export function SignInPage(): ReactNode {
  const text = useText(signInText)
  const { console } = useText(layoutText)
  const { back, why } = route.useSearch()
  const { history, basepath } = useRouter()
  const [step, setStep] = useState<Step>({ name: 'password' })
  const startAgain = (tooLate: boolean) => setStep({ name: 'password', tooLate })
  // Behind the console's own path, it cannot lead away from it.
  const enter = () => history.replace(`${basepath}${back?.startsWith('/') ? back : '/'}`)
  const prove = (codes: readonly string[]) =>
    codes.length > 0 ? setStep({ name: 'keep', codes }) : enter()
  return (
    <div className="gate">
      <title>{`${text.title} · ${console}`}</title>
      <header>
        <img src={mark} alt="" width={40} height={40} />
        <p>{console}</p>
      </header>
      <main className="card">
        {step.name === 'password' && step.tooLate && <Alert type="warning" title={text.tooLate} />}
        {step.name === 'password' && !step.tooLate && why !== undefined && (
          <Alert type="info" title={why === 'idle' ? text.idle : text.notAllowed} />
        )}
        {step.name === 'password' && <PasswordStep onDone={(name) => setStep({ name })} />}
        {step.name === 'enrol' && <EnrolStep onProved={prove} onStartAgain={startAgain} />}
        {step.name === 'code' && <CodeStep onProved={prove} onStartAgain={startAgain} />}
        {step.name === 'keep' && <KeepStep codes={step.codes} onKept={enter} />}
      </main>
      <LanguageSwitch />
    </div>
  )
}
