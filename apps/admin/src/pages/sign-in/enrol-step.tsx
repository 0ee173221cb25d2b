import { useMutation } from '@tanstack/react-query'
import { Button, Skeleton } from 'antd'
import { lazy, type ReactNode, Suspense } from 'react'
import { useText } from '../../language/texts.ts'
import { reasonOf } from '../../service/error-message.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { CodeForm, type SecondFactorProps } from './code-form.tsx'
import { EnrolmentCodeForm } from './enrolment-code-form.tsx'
import { signInText } from './text.ts'

const QrCode = lazy(() => import('./qr-code.tsx'))

/** Asks for the enrolment code, then shows the secret for the authenticator and asks for the first code of that. */
export function EnrolStep({ onVerified, onRestart }: SecondFactorProps): ReactNode {
  const text = useText(signInText)
  const { mutate, data, error, isPending } = useMutation(
    useTRPC().account.enrol.mutationOptions({
      onError: (failure) => {
        if (reasonOf(failure) === 'unauthenticated') onRestart(true)
      },
    }),
  )
  return (
    <>
      <h1>{text.enrolTitle}</h1>
      <p className="secondary-text">{data === undefined ? text.enrolmentHint : text.enrolHint}</p>
      {data === undefined ? (
        <EnrolmentCodeForm onSubmit={mutate} isPending={isPending} error={error} />
      ) : (
        <>
          <div className="qr">
            <Suspense fallback={<Skeleton.Node active />}>
              <QrCode value={data.uri} label={text.qr} />
            </Suspense>
          </div>
          <p className="secret">
            <span className="secondary-text">{text.secret}</span>
            <code className="code">{data.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
          </p>
          <CodeForm kind="digits" onVerified={onVerified} onRestart={onRestart} />
        </>
      )}
      <Button type="link" onClick={() => onRestart(false)}>
        {text.back}
      </Button>
    </>
  )
}
