import { expect, it } from 'vitest'
import type { AdministratorStore } from '../../../../src/admin/index.ts'
import { now, race } from '../../drafts.ts'
import type { MakeStores } from '../../stores.ts'
import { addPerson } from '../people/people.ts'
import { enrolAdministrator, newAdminSession, newBrowser, openSession } from './administrators.ts'

const step = 60_000_000

type Change = Parameters<AdministratorStore['renewRecoveryCodes']>[0]

/** Stores with the enrolled administrators `root`, who is signed in, and `other`. */
async function start(make: MakeStores) {
  const stores = await make()
  for (const id of ['root', 'other']) {
    await addPerson(stores, { id, account: id })
    await stores.makeAdmin(id)
    await enrolAdministrator(stores, id)
  }
  const { hash: sessionHash } = await openSession(stores, { factor: 'full' })
  const renew = (change: Partial<Change> = {}) =>
    stores.administrators.renewRecoveryCodes({
      userId: 'root',
      sessionHash,
      proof: { step: step + 1 },
      recoveryHashes: ['new 1', 'new 2'],
      ...change,
    })
  const left = async () => (await stores.administrators.secondFactorOf('root'))?.recoveryCodesLeft
  return { stores, sessionHash, renew, left }
}

/** What `renewRecoveryCodes` must do. */
export function renewalConforms(make: MakeStores): void {
  it('spends the proof and replaces all codes, once of calls that race with one code', async () => {
    const { stores, renew, left } = await start(make)
    const proof = { recoveryHash: 'recovery of root' }
    const results = await race(4, (index) =>
      renew({ proof, recoveryHashes: [`new ${index} 1`, `new ${index} 2`] }),
    )
    expect(results.filter(Boolean)).toEqual([true])
    const renewed = results.indexOf(true)
    expect(await left()).toBe(2)
    const { hash: from } = await openSession(stores)
    const complete = (recoveryHash: string) =>
      stores.administrators.complete({
        from,
        to: newAdminSession({ factor: 'full' }),
        proof: { recoveryHash },
        browser: newBrowser(),
      })
    expect(await complete('recovery of root')).toBe(false)
    expect(await complete(`new ${(renewed + 1) % 4} 1`)).toBe(false)
    expect(await complete(`new ${renewed} 1`)).toBe(true)
  })

  it('refuses a step that was used, and an administrator without a factor', async () => {
    const { stores, renew, left } = await start(make)
    expect(await renew({ proof: { step } })).toBe(false)
    expect(await left()).toBe(1)
    expect(await renew({ recoveryHashes: [] })).toBe(true)
    expect(await left()).toBe(0)
    expect(await renew()).toBe(false)
    await addPerson(stores, { id: 'none', account: 'none' })
    const { hash: sessionHash } = await openSession(stores, { userId: 'none', factor: 'full' })
    expect(await renew({ userId: 'none', sessionHash, proof: { step: step + 9 } })).toBe(false)
  })

  it('refuses a session that has ended meanwhile, or is of another administrator', async () => {
    const { stores, sessionHash, renew, left } = await start(make)
    const others = await openSession(stores, { userId: 'other', factor: 'full' })
    expect(await renew({ sessionHash: others.hash })).toBe(false)
    await stores.people.disable('root', now)
    expect(await renew()).toBe(false)
    expect(await left()).toBe(1)
    await stores.people.enable('root')
    expect(await renew()).toBe(false)
    const again = await openSession(stores, { factor: 'full' })
    expect(again.hash).not.toBe(sessionHash)
    expect(await renew({ sessionHash: again.hash })).toBe(true)
  })
}
