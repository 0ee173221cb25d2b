import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { AppName } from '../../app-name/app-name.tsx'
import { useAppName } from '../../app-name/use-app-name.ts'
import { useFormat } from '../../language/format.ts'
import { RelativeTime } from '../../language/relative-time.tsx'
import { useText } from '../../language/texts.ts'
import { ErrorAlert } from '../../layout/error-alert.tsx'
import { type AdminOutput, useTRPC } from '../../service/trpc-client.ts'
import { TestResult } from './test-result.tsx'
import { appsText } from './text.ts'

type App = AdminOutput['apps']['list']['apps'][number]

/** A mini program, its usage, and a test of its WeChat credentials. */
export function MiniProgram({ app }: { app: App }): ReactNode {
  const text = useText(appsText)
  const format = useFormat()
  const nameOf = useAppName()
  const { appId, identities, signInsToday, lastSignInAt } = app
  const { mutate, data, error, isPending } = useMutation(useTRPC().apps.test.mutationOptions())
  const test = () => mutate({ appId })
  return (
    <section className="card app" aria-labelledby={appId}>
      <header>
        <h2 id={appId}>
          <AppName appId={appId} />
          {nameOf(appId) !== appId && <span className="code secondary-text">{appId}</span>}
        </h2>
        <Button onClick={test} loading={isPending} aria-describedby={appId}>
          {data === undefined ? text.test : text.retest}
        </Button>
      </header>
      <dl>
        <div>
          <dt>{text.identities}</dt>
          <dd>{format.number(identities)}</dd>
        </div>
        <div>
          <dt>{text.today}</dt>
          <dd>{format.number(signInsToday)}</dd>
        </div>
        <div>
          <dt>{text.last}</dt>
          <dd>{lastSignInAt === null ? text.never : <RelativeTime at={lastSignInAt} />}</dd>
        </div>
      </dl>
      {error !== null && <ErrorAlert error={error} retry={test} />}
      <div role="status">{data !== undefined && <TestResult result={data} />}</div>
      <Link to="/people" search={{ appId }}>
        {text.people}
      </Link>
    </section>
  )
}
