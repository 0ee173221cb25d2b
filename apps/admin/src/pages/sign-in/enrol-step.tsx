import { useQuery } from '@tanstack/react-query'
import { Button, Skeleton } from 'antd'
import { lazy, type ReactNode, Suspense } from 'react'
import { useText } from '../../language/texts.ts'
import { ErrorAlert } from '../../layout/error-alert.tsx'
import { reasonOf } from '../../service/error-message.ts'
import { trpcClient } from '../../service/trpc-client.ts'
import { CodeForm, type SecondFactorProps } from './code-form.tsx'
import { signInText } from './text.ts'

const QrCode = lazy(() => import('./qr-code.tsx'))

export function EnrolStep({ onVerified, onRestart }: SecondFactorProps): ReactNode {
  const text = useText(signInText)
  // A mutation that runs as a query, because showing this step starts it. Each run creates a new secret, and none
  // is cached.
  const { data, error, refetch } = useQuery({
    queryKey: ['enrol'],
    queryFn: () => trpcClient.account.enrol.mutate(),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const restart = () => onRestart(reasonOf(error) === 'unauthenticated')
  return (
    <>
      <h1>{text.enrolTitle}</h1>
      <p className="secondary-text">{text.enrolHint}</p>
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {data === undefined ? (
        error === null && <Skeleton.Node active className="qr" />
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
      <Button type="link" onClick={restart}>
        {text.back}
      </Button>
    </>
  )
}
