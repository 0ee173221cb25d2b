import { expect, it } from 'vitest'
import { maxNotes } from '../../../../src/admin/index.ts'
import { now, race } from '../../drafts.ts'
import type { MakeStores, TestedStores } from '../../stores.ts'
import { addPeople } from './people.ts'

const noteOf = (
  id: string,
  change: Partial<{ userId: string; adminId: string; at: number }> = {},
) => ({
  id,
  userId: 'a',
  adminId: 'admin',
  at: now,
  text: `text of ${id}`,
  ...change,
})

const withPeople = async (make: MakeStores): Promise<TestedStores> => {
  const stores = await make()
  await addPeople(stores, [
    { id: 'a' },
    { id: 'b' },
    { id: 'admin', account: 'root', role: 'admin' },
  ])
  return stores
}

export function notesConform(make: MakeStores): void {
  it('lists the notes of a user, newest first', async () => {
    const { personNotes: notes } = await withPeople(make)
    expect(await notes.add(noteOf('1'))).toBe('added')
    expect(await notes.add(noteOf('2', { at: now + 1 }))).toBe('added')
    expect(await notes.add(noteOf('3'))).toBe('added')
    expect(await notes.add(noteOf('4', { userId: 'b' }))).toBe('added')
    expect((await notes.list('a')).map(({ id }) => id)).toEqual(['2', '3', '1'])
    expect((await notes.list('a'))[0]).toEqual({
      id: '2',
      at: now + 1,
      adminId: 'admin',
      text: 'text of 2',
    })
    expect(await notes.list('x')).toEqual([])
  })

  it('adds none to a user who does not exist', async () => {
    const { personNotes: notes } = await withPeople(make)
    expect(await notes.add(noteOf('1', { userId: 'x' }))).toBe('not_found')
  })

  it('of concurrent callers as many add one as there is room for', async () => {
    const { personNotes: notes } = await withPeople(make)
    for (let index = 0; index < maxNotes - 1; index++) await notes.add(noteOf(`n${index}`))
    const results = await race(4, (index) => notes.add(noteOf(`r${index}`)))
    expect(results.sort()).toEqual(['added', 'full', 'full', 'full'])
    expect(await notes.list('a')).toHaveLength(maxNotes)
    expect(await notes.add(noteOf('other', { userId: 'b' }))).toBe('added')
  })

  it('removes a note of the user once, and none of another one', async () => {
    const { personNotes: notes } = await withPeople(make)
    await notes.add(noteOf('1'))
    expect(await notes.remove({ userId: 'b', noteId: '1' })).toBe(false)
    const removed = await race(3, () => notes.remove({ userId: 'a', noteId: '1' }))
    expect(removed.filter(Boolean)).toEqual([true])
    expect(await notes.list('a')).toEqual([])
  })

  it('goes with its user, and keeps the text of an author who was deleted', async () => {
    const stores = await withPeople(make)
    const { personNotes: notes, people } = stores
    await addPeople(stores, [{ id: 'c', account: 'boss', role: 'admin' }])
    await notes.add(noteOf('1', { adminId: 'c' }))
    await notes.add(noteOf('2', { userId: 'b' }))
    await stores.makeAdmin('c', 'user')
    await people.remove('c')
    expect(await notes.list('a')).toMatchObject([{ id: '1', adminId: null, text: 'text of 1' }])
    await people.remove('b')
    expect(await notes.list('b')).toEqual([])
  })
}
