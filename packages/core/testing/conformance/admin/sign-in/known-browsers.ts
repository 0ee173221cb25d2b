import { expect, it } from 'vitest'
import { browserTtl } from '../../../../src/admin/index.ts'
import { hour, now } from '../../drafts.ts'
import type { MakeStores, TestedStores } from '../../stores.ts'
import { addPerson } from '../people/people.ts'
import { enrolAdministrator, newAdminSession, newBrowser, openSession } from './administrators.ts'

const step = 60_000_000

/** Stores with the enrolled administrators `root` and `other`. */
async function start(make: MakeStores): Promise<TestedStores> {
  const stores = await make()
  for (const id of ['root', 'other']) {
    await addPerson(stores, { id, account: id })
    await stores.makeAdmin(id)
    await enrolAdministrator(stores, id)
  }
  return stores
}

/** Completes a sign-in in a browser, and returns its hash. */
async function complete(
  stores: TestedStores,
  nth: number,
  { userId = 'root', ...change }: Partial<ReturnType<typeof newBrowser>> & { userId?: string } = {},
): Promise<string> {
  const browser = newBrowser({ createdAt: now + nth, ...change })
  const { hash: from } = await openSession(stores, { userId })
  const to = newAdminSession({ userId, factor: 'full' })
  const proof = { step: step + nth }
  if (!(await stores.administrators.complete({ from, to, proof, browser })))
    throw new Error('the sign-in was not completed')
  return browser.hash
}

const knows = ({ administrators }: TestedStores, hash: string, userId = 'root', at = now + 99) =>
  administrators.knowsBrowser({ hash, userId, now: at })

/** What the verbs that complete a sign-in must do with the browser. */
export function browsersConform(make: MakeStores): void {
  it('are known from a complete sign-in on, to this user alone, until they expire', async () => {
    const stores = await start(make)
    const hash = await complete(stores, 1, { expiresAt: now + hour })
    expect(await knows(stores, hash)).toBe(true)
    expect(await knows(stores, hash, 'other')).toBe(false)
    expect(await knows(stores, 'unknown')).toBe(false)
    expect(await knows(stores, hash, 'root', now + hour - 1)).toBe(true)
    expect(await knows(stores, hash, 'root', now + hour)).toBe(false)
    expect(await knows(stores, hash, 'root', now + hour - browserTtl - 1)).toBe(false)
    expect(await knows(stores, 'browser of root')).toBe(true)
  })

  it('have one token each, the newest, which stands for all who have signed in there', async () => {
    const stores = await start(make)
    const first = await complete(stores, 1)
    const second = await complete(stores, 2, { replaces: first })
    expect([await knows(stores, first), await knows(stores, second)]).toEqual([false, true])
    const third = await complete(stores, 3, { replaces: second, userId: 'other' })
    const isKnown = [second, third].flatMap((hash) => [
      knows(stores, hash),
      knows(stores, hash, 'other'),
    ])
    expect(await Promise.all(isKnown)).toEqual([false, false, true, true])
  })

  it('are the ten newest of each user', async () => {
    const stores = await start(make)
    const hashes: string[] = []
    for (let nth = 1; nth <= 11; nth++) hashes.push(await complete(stores, nth))
    const known = await Promise.all(hashes.map((hash) => knows(stores, hash)))
    expect(known).toEqual([false, ...Array(10).fill(true)])
    expect(await knows(stores, 'browser of other', 'other')).toBe(true)
  })

  it('are unknown where the sign-in was refused, and go with the user', async () => {
    const stores = await start(make)
    const browser = newBrowser()
    const { hash: from } = await openSession(stores)
    const refused = { from, to: newAdminSession({ factor: 'full' }), proof: { step }, browser }
    expect(await stores.administrators.complete(refused)).toBe(false)
    expect(await knows(stores, browser.hash)).toBe(false)
    await stores.people.remove('root')
    await addPerson(stores, { id: 'root', account: 'root' })
    expect(await knows(stores, 'browser of root')).toBe(false)
  })
}
