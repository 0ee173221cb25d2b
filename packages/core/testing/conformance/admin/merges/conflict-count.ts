import { expect, it } from 'vitest'
import type { MakeStores } from '../../stores.ts'
import { addPeople, noteConflict } from '../people/people.ts'

export function conflictCountConforms(make: MakeStores): void {
  it('counts conflicts up to the limit, and says whether there are more', async () => {
    const stores = await make()
    await addPeople(
      stores,
      ['a', 'b', 'c'].map((id) => ({ id })),
    )
    expect(await stores.merges.countConflicts(9)).toEqual({ value: 0, isExact: true })
    await noteConflict(stores, { userIds: ['a', 'b'] })
    await noteConflict(stores, { userIds: ['a', 'c'] })
    expect(await stores.merges.countConflicts(2)).toEqual({ value: 2, isExact: true })
    expect(await stores.merges.countConflicts(1)).toEqual({ value: 1, isExact: false })
  })
}
