import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useAppName } from '../../../app-name/use-app-name.ts'
import { SelectFilter } from '../../../form/select-filter.tsx'
import { useText } from '../../../language/texts.ts'
import { useTRPC } from '../../../service/trpc-client.ts'
import { peopleText } from './text.ts'

interface AppFilterProps {
  readonly value: string | undefined
  readonly onSelect: (appId: string | undefined) => void
}

/** Filter by mini program. */
export function AppFilter({ value, onSelect }: AppFilterProps): ReactNode {
  const text = useText(peopleText)
  const nameOf = useAppName()
  const { data } = useQuery(useTRPC().account.current.queryOptions())
  const known = data?.apps.map(({ appId }) => appId) ?? []
  const all = value === undefined || known.includes(value) ? known : [value, ...known]
  return (
    <SelectFilter
      label={text.app}
      anyLabel={text.anyApp}
      value={value}
      options={Object.fromEntries(all.map((appId) => [appId, nameOf(appId)]))}
      onSelect={onSelect}
    />
  )
}
