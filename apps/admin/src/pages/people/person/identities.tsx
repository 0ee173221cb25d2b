import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { AppName } from '../../../app-name/app-name.tsx'
import { useAppName } from '../../../app-name/use-app-name.ts'
import { useConfirm } from '../../../feedback/use-confirm.ts'
import { useMutationToasts } from '../../../feedback/use-mutation-toasts.ts'
import { RelativeTime } from '../../../language/relative-time.tsx'
import { useText } from '../../../language/texts.ts'
import { type AdminOutput, useTRPC } from '../../../service/trpc-client.ts'
import { PersonSection } from './person-section.tsx'
import { boundByText, personText } from './text.ts'

type Identity = AdminOutput['people']['view']['identities'][number]

interface IdentitiesProps {
  readonly userId: string
  readonly identities: readonly Identity[]
}

export function Identities({ userId, identities }: IdentitiesProps): ReactNode {
  const text = useText(personText)
  return (
    <PersonSection
      title={text.identities}
      empty={identities.length === 0 ? text.noIdentities : null}
      columns={[
        text.app,
        text.openid,
        text.unionid,
        text.boundHow,
        text.bound,
        text.seenInApp,
        text.actions,
      ]}
    >
      {identities.map((identity) => (
        <Row key={identity.appId} userId={userId} identity={identity} />
      ))}
    </PersonSection>
  )
}

function Row({ userId, identity }: { userId: string; identity: Identity }): ReactNode {
  const text = useText(personText)
  const boundBy = useText(boundByText)
  const confirm = useConfirm()
  const nameOf = useAppName()
  const toasts = useMutationToasts()
  const { people } = useTRPC()
  const unbind = useMutation(people.unbind.mutationOptions(toasts(() => text.unbound)))
  const reset = useMutation(people.resetSessionKey.mutationOptions(toasts(() => text.keyReset)))
  const { appId } = identity
  const askReset = () =>
    confirm({
      title: text.resetKeyTitle,
      content: text.resetKeyWarning,
      okText: text.resetKey,
      onConfirm: () => reset.mutateAsync({ userId, appId }),
    })
  const askUnbind = () =>
    confirm({
      title: text.unbindTitle(nameOf(appId)),
      content: text.unbindWarning,
      okText: text.unbind,
      onConfirm: () => unbind.mutateAsync({ userId, appId }),
    })
  const askUnbindEverywhere = () =>
    confirm({
      title: text.unbindEverywhereTitle,
      content: text.unbindEverywhereWarning,
      okText: text.unbindEverywhere,
      onConfirm: () => unbind.mutateAsync({ userId, appId, everywhere: true }),
    })
  return (
    <tr>
      <td className="app">
        <AppName appId={appId} />
      </td>
      <td className="code" data-label={text.openid}>
        {identity.openid}
      </td>
      <td className="code" data-label={text.unionid}>
        {identity.unionid ?? '—'}
      </td>
      <td data-label={text.boundHow}>
        {boundBy[identity.boundBy]}
        {identity.device !== null && <div className="code">{identity.device}</div>}
      </td>
      <td data-label={text.bound}>
        <RelativeTime at={identity.boundAt} />
      </td>
      <td data-label={text.seenInApp}>
        <RelativeTime at={identity.lastSeenAt} />
      </td>
      <td className="row-actions">
        <Button size="small" onClick={askReset}>
          {text.resetKey}
        </Button>
        <Button size="small" danger onClick={askUnbind}>
          {text.unbind}
        </Button>
        {identity.unionid !== null && (
          <Button size="small" danger onClick={askUnbindEverywhere}>
            {text.unbindEverywhere}
          </Button>
        )}
      </td>
    </tr>
  )
}
