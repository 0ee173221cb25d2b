import { expect, it } from 'vitest'
import type { AdministratorStore } from '../../../../src/admin/index.ts'
import { now, race, unique } from '../../drafts.ts'
import type { MakeStores, TestedStores } from '../../stores.ts'
import { addPerson } from '../people/people.ts'
import { enrolAdministrator, newBrowser, openSession } from './administrators.ts'

const step = 60_000_000

type Change = Parameters<AdministratorStore['changePassword']>[0]

/** Stores with the administrators `root` and `other`, and a session of `root`. */
async function start(make: MakeStores) {
  const stores = await make()
  for (const id of ['root', 'other']) {
    await addPerson(stores, { id, account: id })
    await stores.makeAdmin(id)
    await enrolAdministrator(stores, id)
  }
  const { hash } = await openSession(stores, { factor: 'full' })
  const change = (more: Partial<Change> = {}) =>
    stores.administrators.changePassword({
      userId: 'root',
      from: 'password of root',
      to: 'new password',
      proof: { step: step + 1 },
      session: { hash, passwordFingerprint: 'new mark' },
      browser: newBrowser(),
      ...more,
    })
  return { stores, hash, change }
}

const knows = ({ administrators }: TestedStores, hash: string, userId = 'root') =>
  administrators.knowsBrowser({ hash, userId, now })

/** What `changePassword` of an administrator must do. */
export function passwordsConform(make: MakeStores): void {
  it('stores the password and keeps this session and this browser alone', async () => {
    const { stores, hash, change } = await start(make)
    const other = await openSession(stores, { factor: 'full' })
    const first = await openSession(stores)
    const others = await openSession(stores, { userId: 'other', factor: 'full' })
    const browser = newBrowser()
    expect(await change({ browser })).toBe('changed')
    const { administrators, users } = stores
    expect(await users.findPasswordHash('root')).toBe('new password')
    expect((await administrators.find(hash))?.session).toMatchObject({
      factor: 'full',
      passwordFingerprint: 'new mark',
    })
    for (const ended of [other, first]) expect(await administrators.find(ended.hash)).toBeNull()
    expect(await administrators.find(others.hash)).not.toBeNull()
    expect(await knows(stores, 'browser of root')).toBe(false)
    expect(await knows(stores, browser.hash)).toBe(true)
    expect(await knows(stores, 'browser of other', 'other')).toBe(true)
  })

  it('happens once of calls that race from one password, each with a code of its own', async () => {
    const { stores, change } = await start(make)
    const results = await race(4, (index) =>
      change({ to: `password ${index}`, proof: { step: step + 1 + index } }),
    )
    expect([...results].sort()).toEqual(['changed', 'outdated', 'outdated', 'outdated'])
    const changed = results.indexOf('changed')
    const from = `password ${changed}`
    expect(await stores.users.findPasswordHash('root')).toBe(from)
    // What was refused consumed no code.
    const again = { from, to: 'password 5', proof: { step: step + 2 + changed } }
    expect(await change(again)).toBe('changed')
  })

  it('is refused for a code that was used, and for a session that has ended', async () => {
    const { stores, hash, change } = await start(make)
    expect(await change({ proof: { step } })).toBe('proof_rejected')
    expect(await change({ proof: { recoveryHash: 'recovery of other' } })).toBe('proof_rejected')
    const ended = { hash: unique('token'), passwordFingerprint: 'new mark' }
    expect(await change({ session: ended })).toBe('proof_rejected')
    const others = await openSession(stores, { userId: 'other', factor: 'full' })
    const session = { hash: others.hash, passwordFingerprint: 'new mark' }
    expect(await change({ session })).toBe('proof_rejected')
    expect(await stores.users.findPasswordHash('root')).toBe('password of root')
    expect((await stores.administrators.find(hash))?.session.passwordFingerprint).toBe('mark')
    expect(await change({ proof: { recoveryHash: 'recovery of root' } })).toBe('changed')
  })
}
