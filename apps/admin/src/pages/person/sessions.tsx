import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { Moment } from '../../language/moment.tsx'
import { useText } from '../../language/texts.ts'
import { useAsked } from '../../person/asked.ts'
import { useTold } from '../../person/told.ts'
import { type AdminOutput, useTRPC } from '../../service/trpc.ts'
import { Section } from './section.tsx'
import { personText } from './text.ts'

interface SessionsProps {
  readonly userId: string
  readonly sessions: AdminOutput['people']['view']['sessions']
}

export function Sessions({ userId, sessions }: SessionsProps): ReactNode {
  const text = useText(personText)
  const ask = useAsked()
  const told = useTold()
  const { mutateAsync } = useMutation(
    useTRPC().admin.people.endSessions.mutationOptions(
      told(({ ended }: { ended: number }) => text.ended(ended)),
    ),
  )
  const askEnd = (sessionId?: string) =>
    ask({
      title: sessionId === undefined ? text.endAllTitle(sessions.length) : text.endTitle,
      warning: text.endWarning,
      verb: sessionId === undefined ? text.endAll : text.end,
      act: () => mutateAsync({ userId, sessionId }),
    })
  return (
    <Section
      title={text.sessions}
      empty={sessions.length === 0 ? text.noSessions : null}
      columns={[text.device, text.app, text.signedIn, text.lastSeen, text.expires, text.actions]}
      actions={
        sessions.length > 0 && (
          <Button size="small" danger onClick={() => askEnd()}>
            {text.endAll}
          </Button>
        )
      }
    >
      {sessions.map((session) => (
        <tr key={session.id}>
          <td className="device">{session.device ?? text.unknownDevice}</td>
          <td className="code app" data-label={text.app}>
            {session.appId}
          </td>
          <td data-label={text.signedIn}>
            <Moment at={session.createdAt} />
          </td>
          <td data-label={text.lastSeen}>
            <Moment at={session.lastSeenAt} />
          </td>
          <td data-label={text.expires}>
            <Moment at={session.expiresAt} />
          </td>
          <td className="row-acts">
            <Button size="small" danger onClick={() => askEnd(session.id)}>
              {text.end}
            </Button>
          </td>
        </tr>
      ))}
    </Section>
  )
}
