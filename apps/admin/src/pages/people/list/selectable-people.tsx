import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { AdminOutput } from '../../../service/trpc-client.ts'
import { PeopleTable } from './people-table.tsx'

// Loaded with the first selection: most visits of the page need none.
const SelectionBar = lazy(async () => ({
  default: (await import('./bulk/selection-bar.tsx')).SelectionBar,
}))

/** A page of people, of whom several can be selected. The selection ends with the page. */
export function SelectablePeople({
  people,
}: {
  people: AdminOutput['people']['list']['items']
}): ReactNode {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const userIds = people.map(({ id }) => id).filter((id) => selected.has(id))
  return (
    <>
      {userIds.length > 0 && (
        <Suspense fallback={<div className="selection-bar" />}>
          <SelectionBar userIds={userIds} onClear={() => setSelected(new Set())} />
        </Suspense>
      )}
      <PeopleTable people={people} selected={selected} onSelect={setSelected} />
    </>
  )
}
