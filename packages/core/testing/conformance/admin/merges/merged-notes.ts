import { expect, it } from 'vitest'
import { hour, now, rules } from '../../drafts.ts'
import type { MakeStores, TestedStores } from '../../stores.ts'
import { addPeople, noteConflict } from '../people/people.ts'
import { mergePair, newMerge, openPair, orderOf } from './merge-drafts.ts'

/** Notes come newest first, so each next one has a later time. */
async function addNotes({ personNotes }: TestedStores, notes: Record<string, string>) {
  for (const [index, [id, userId]] of Object.entries(notes).entries())
    await personNotes.add({ id, userId, adminId: 'admin', at: now + index, text: `text of ${id}` })
}

const noteIds = async ({ personNotes }: TestedStores, userId: string) =>
  (await personNotes.list(userId)).map(({ id }) => id)

const undo = ({ merges }: TestedStores, id = 'm1') => merges.undo(id, { ...rules, now: now + hour })

async function openPairWithNotes(make: MakeStores): Promise<TestedStores> {
  const stores = await openPair(make)
  await addPeople(stores, [{ id: 'admin', account: 'root', role: 'admin' }])
  await addNotes(stores, { k1: 'kept', g1: 'gone', k2: 'kept', g2: 'gone' })
  return stores
}

export function mergedNotesConform(make: MakeStores): void {
  it('are together on the kept user, newest first, with author, time and text as they were', async () => {
    const stores = await openPairWithNotes(make)
    const [newest] = await stores.personNotes.list('gone')
    await mergePair(stores)
    expect(await noteIds(stores, 'kept')).toEqual(['g2', 'k2', 'g1', 'k1'])
    expect(await noteIds(stores, 'gone')).toEqual([])
    expect((await stores.personNotes.list('kept'))[0]).toEqual(newest)
  })

  it('are given back by an undo, each to its own user', async () => {
    const stores = await openPairWithNotes(make)
    const before = [await stores.personNotes.list('kept'), await stores.personNotes.list('gone')]
    await mergePair(stores)
    expect(await undo(stores)).toBe('undone')
    expect([await stores.personNotes.list('kept'), await stores.personNotes.list('gone')]).toEqual(
      before,
    )
  })

  it('stay with the kept user where they were added since, and stay removed', async () => {
    const stores = await openPairWithNotes(make)
    await mergePair(stores)
    await addNotes(stores, { since: 'kept' })
    expect(await stores.personNotes.remove({ userId: 'kept', noteId: 'g1' })).toBe(true)
    expect(await undo(stores)).toBe('undone')
    expect(await noteIds(stores, 'kept')).toEqual(['k2', 'since', 'k1'])
    expect(await noteIds(stores, 'gone')).toEqual(['g2'])
  })

  it('can be added to neither in the name of the merged user', async () => {
    const stores = await openPairWithNotes(make)
    await mergePair(stores)
    const note = { id: 'n', userId: 'gone', adminId: 'admin', at: now, text: 'text' }
    expect(await stores.personNotes.add(note)).toBe('not_found')
  })

  it('are given back one merge after the other, the last one first', async () => {
    const stores = await openPairWithNotes(make)
    await addPeople(stores, [{ id: 'third' }])
    await addNotes(stores, { t1: 'third' })
    await mergePair(stores)
    await noteConflict(stores, { userIds: ['kept', 'third'] })
    await stores.merges.merge(orderOf('third', 'kept'), newMerge('m2', now + 1))
    expect((await noteIds(stores, 'third')).sort()).toEqual(['g1', 'g2', 'k1', 'k2', 't1'])
    expect(await undo(stores, 'm2')).toBe('undone')
    expect((await noteIds(stores, 'kept')).sort()).toEqual(['g1', 'g2', 'k1', 'k2'])
    expect(await undo(stores)).toBe('undone')
    expect(await noteIds(stores, 'kept')).toEqual(['k2', 'k1'])
    expect(await noteIds(stores, 'gone')).toEqual(['g2', 'g1'])
    expect(await noteIds(stores, 'third')).toEqual(['t1'])
  })
}
