import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { SelectFilter } from '../../../form/select-filter.tsx'
import { useText } from '../../../language/texts.ts'
import { useTRPC } from '../../../service/trpc-client.ts'
import { peopleText } from './text.ts'

interface AppFilterProps {
  readonly value: string | undefined
  readonly onSelect: (appId: string | undefined) => void
}

/** Filter by mini program. The list is loaded when the user is about to open it. */
export function AppFilter({ value, onSelect }: AppFilterProps): ReactNode {
  const text = useText(peopleText)
  const [isNeeded, setNeeded] = useState(false)
  const { data } = useQuery(
    useTRPC().apps.list.queryOptions(undefined, {
      enabled: isNeeded,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  )
  const known = data?.apps.map(({ appId }) => appId) ?? []
  const all = value === undefined || known.includes(value) ? known : [value, ...known]
  return (
    <SelectFilter
      label={text.app}
      anyLabel={text.anyApp}
      value={value}
      options={Object.fromEntries(all.map((appId) => [appId, appId]))}
      onSelect={onSelect}
      onIntent={() => setNeeded(true)}
    />
  )
}
