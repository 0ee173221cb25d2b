import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Choice } from '../../form/choice.tsx'
import { useText } from '../../language/texts.ts'
import { useTRPC } from '../../service/trpc.ts'
import { peopleText } from './text.ts'

interface AppChoiceProps {
  readonly value: string | undefined
  readonly onChoose: (appId: string | undefined) => void
}

/** One of the mini programs, which are fetched once somebody turns to the choice. */
export function AppChoice({ value, onChoose }: AppChoiceProps): ReactNode {
  const text = useText(peopleText)
  const [isWanted, setWanted] = useState(false)
  const { data } = useQuery(
    useTRPC().admin.apps.list.queryOptions(undefined, {
      enabled: isWanted,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  )
  const known = data?.apps.map(({ appId }) => appId) ?? []
  const all = value === undefined || known.includes(value) ? known : [value, ...known]
  return (
    <Choice
      label={text.app}
      any={text.anyApp}
      value={value}
      choices={Object.fromEntries(all.map((appId) => [appId, appId]))}
      onChoose={onChoose}
      onTurnTo={() => setWanted(true)}
    />
  )
}
