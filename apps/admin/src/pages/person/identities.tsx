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

type Identity = AdminOutput['people']['view']['identities'][number]

interface IdentitiesProps {
  readonly userId: string
  readonly identities: readonly Identity[]
}

export function Identities({ userId, identities }: IdentitiesProps): ReactNode {
  const text = useText(personText)
  return (
    <Section
      title={text.identities}
      empty={identities.length === 0 ? text.noIdentities : null}
      columns={[text.app, text.openid, text.unionid, text.bound, text.actions]}
    >
      {identities.map((identity) => (
        <Row key={identity.appId} userId={userId} identity={identity} />
      ))}
    </Section>
  )
}

function Row({ userId, identity }: { userId: string; identity: Identity }): ReactNode {
  const text = useText(personText)
  const ask = useAsked()
  const told = useTold()
  const { people } = useTRPC().admin
  const unbind = useMutation(people.unbind.mutationOptions(told(() => text.unbound)))
  const reset = useMutation(people.resetSessionKey.mutationOptions(told(() => text.keyReset)))
  const { appId } = identity
  const askReset = () =>
    ask({
      title: text.resetKeyTitle,
      warning: text.resetKeyWarning,
      verb: text.resetKey,
      act: () => reset.mutateAsync({ userId, appId }),
    })
  const askUnbind = () =>
    ask({
      title: text.unbindTitle(appId),
      warning: text.unbindWarning,
      verb: text.unbind,
      act: () => unbind.mutateAsync({ userId, appId }),
    })
  return (
    <tr>
      <td className="code app">{appId}</td>
      <td className="code" data-label={text.openid}>
        {identity.openid}
      </td>
      <td className="code" data-label={text.unionid}>
        {identity.unionid ?? '—'}
      </td>
      <td data-label={text.bound}>
        <Moment at={identity.boundAt} />
      </td>
      <td className="row-acts">
        <Button size="small" onClick={askReset}>
          {text.resetKey}
        </Button>
        <Button size="small" danger onClick={askUnbind}>
          {text.unbind}
        </Button>
      </td>
    </tr>
  )
}
