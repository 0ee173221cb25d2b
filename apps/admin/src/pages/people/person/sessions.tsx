import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { AppName } from '../../../app-name/app-name.tsx'
import { useConfirm } from '../../../feedback/use-confirm.ts'
import { useMutationToasts } from '../../../feedback/use-mutation-toasts.ts'
import { RelativeTime } from '../../../language/relative-time.tsx'
import { useText } from '../../../language/texts.ts'
import { type AdminOutput, useTRPC } from '../../../service/trpc-client.ts'
import { PersonSection } from './person-section.tsx'
import { personText } from './text.ts'

interface SessionsProps {
  readonly userId: string
  readonly role: 'user' | 'admin'
  readonly sessions: AdminOutput['people']['view']['sessions']
}

export function Sessions({ userId, role, sessions }: SessionsProps): ReactNode {
  const text = useText(personText)
  const confirm = useConfirm()
  const toasts = useMutationToasts()
  const { mutateAsync } = useMutation(
    useTRPC().people.endSessions.mutationOptions(
      toasts(({ ended }: { ended: number }) => text.revoked(ended)),
    ),
  )
  const askRevoke = (sessionId?: string) =>
    confirm({
      title: sessionId === undefined ? text.revokeAllTitle(sessions.length) : text.revokeTitle,
      content: text.revokeWarning,
      okText: sessionId === undefined ? text.revokeAll : text.revoke,
      onConfirm: () => mutateAsync({ userId, sessionId }),
    })
  const askEndConsole = () =>
    confirm({
      title: text.endConsoleTitle,
      content: text.endConsoleWarning,
      okText: text.endConsole,
      onConfirm: () => mutateAsync({ userId }),
    })
  return (
    <PersonSection
      title={text.sessions}
      empty={sessions.length === 0 ? text.noSessions : null}
      columns={[text.device, text.app, text.signedIn, text.lastSeen, text.expires, text.actions]}
      actions={
        // The sessions of an administrator are those of the console, which are not listed.
        role === 'admin' ? (
          <Button size="small" danger onClick={askEndConsole}>
            {text.endConsole}
          </Button>
        ) : (
          sessions.length > 0 && (
            <Button size="small" danger onClick={() => askRevoke()}>
              {text.revokeAll}
            </Button>
          )
        )
      }
    >
      {sessions.map((session) => (
        <tr key={session.id}>
          <td className="device">{session.device ?? text.unknownDevice}</td>
          <td className="app" data-label={text.app}>
            <AppName appId={session.appId} />
          </td>
          <td data-label={text.signedIn}>
            <RelativeTime at={session.createdAt} />
          </td>
          <td data-label={text.lastSeen}>
            <RelativeTime at={session.lastSeenAt} />
          </td>
          <td data-label={text.expires}>
            <RelativeTime at={session.expiresAt} />
          </td>
          <td className="row-actions">
            <Button size="small" danger onClick={() => askRevoke(session.id)}>
              {text.revoke}
            </Button>
          </td>
        </tr>
      ))}
    </PersonSection>
  )
}
