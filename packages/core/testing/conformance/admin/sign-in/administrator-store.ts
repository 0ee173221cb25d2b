import { describe, expect, it } from 'vitest'
import type { FactorProof } from '../../../../src/admin/index.ts'
import { hour, many, now } from '../../drafts.ts'
import type { MakeStores, TestedStores } from '../../stores.ts'
import { addPeople, addPerson } from '../people/people.ts'
import { newAdminSession, newBrowser, openSession } from './administrators.ts'
import { enrolmentCodesConform } from './enrolment-codes.ts'
import { browsersConform } from './known-browsers.ts'
import { passwordsConform } from './passwords.ts'
import { renewalConforms } from './renewal.ts'

const step = 60_000_000
const recoveryHashes = ['recovery 1', 'recovery 2', 'recovery 3']

const enrolment = { hash: 'enrolment', expiresAt: now + hour }

const draftSecret = (
  { administrators }: TestedStores,
  hash: string,
  sealedSecret: string,
): Promise<boolean> =>
  administrators.draftSecret({ hash, sealedSecret, enrolmentHash: 'enrolment', now })

const fullSession = () => newAdminSession({ factor: 'full', expiresAt: now + 12 * hour })

/** Stores with the administrators `root` and `other`, who may enrol an app. */
async function start(make: MakeStores): Promise<TestedStores> {
  const stores = await make()
  await addPeople(stores, [
    { id: 'root', account: 'root', role: 'admin' },
    { id: 'other', account: 'other', role: 'admin' },
  ])
  for (const userId of ['root', 'other']) await stores.giveEnrolment(userId, enrolment)
  return stores
}

/** Opens a session of the first factor with a drafted secret. */
async function openDrafted(stores: TestedStores, sealedSecret = 'secret') {
  const session = await openSession(stores)
  expect(await draftSecret(stores, session.hash, sealedSecret)).toBe(true)
  return session
}

const enrolmentFrom = (from: string) => ({
  from,
  to: fullSession(),
  sealedSecret: 'secret',
  step,
  recoveryHashes,
  browser: newBrowser(),
  now,
})

/** Enrols `root` and returns a new session of the first factor. */
async function enrolled(stores: TestedStores) {
  const { hash } = await openDrafted(stores)
  expect(await stores.administrators.enrol(enrolmentFrom(hash))).toBe(true)
  return openSession(stores)
}

export function describeAdministratorStore(make: MakeStores): void {
  describe('the store of administrators', () => {
    describe('sessions', () => sessionsConform(make))
    describe('enrol', () => enrolmentConforms(make))
    describe('complete', () => completionConforms(make))
    describe('renewRecoveryCodes', () => renewalConforms(make))
    describe('enrolment codes', () => enrolmentCodesConform(make))
    describe('known browsers', () => browsersConform(make))
    describe('changePassword', () => passwordsConform(make))
  })
}

function sessionsConform(make: MakeStores): void {
  it('finds a session with its user and the second factor', async () => {
    const stores = await start(make)
    const session = await openSession(stores)
    expect(await stores.administrators.find(session.hash)).toMatchObject({
      session,
      user: { id: 'root', account: 'root', role: 'admin', passwordHash: 'password of root' },
      secondFactor: null,
    })
    expect(await stores.administrators.find('unknown')).toBeNull()
    const second = await enrolled(stores)
    expect((await stores.administrators.find(second.hash))?.secondFactor).toEqual({
      sealedSecret: 'secret',
      recoveryCodesLeft: 3,
    })
    expect(await stores.administrators.secondFactorOf('root')).toEqual({
      sealedSecret: 'secret',
      recoveryCodesLeft: 3,
    })
    expect(await stores.administrators.secondFactorOf('other')).toBeNull()
  })

  it('opens a session without a drafted secret, once under its hash', async () => {
    const stores = await start(make)
    const session = await openSession(stores, { pendingSecret: 'secret' })
    const found = async () => (await stores.administrators.find(session.hash))?.session
    expect(await found()).toEqual({ ...session, pendingSecret: null })
    await expect(stores.administrators.open({ ...session, userId: 'other' })).rejects.toThrow()
    expect(await found()).toMatchObject({ userId: 'root' })
  })

  it('moves the idle time-out on, drafts a secret and ends a session, each of this one only', async () => {
    const stores = await start(make)
    const { administrators } = stores
    const one = await openSession(stores)
    const two = await openSession(stores)
    await administrators.touch(one.hash, now + 9)
    await draftSecret(stores, one.hash, 'first draft')
    await draftSecret(stores, one.hash, 'second draft')
    const changed = { ...one, lastSeenAt: now + 9, pendingSecret: 'second draft' }
    expect((await administrators.find(one.hash))?.session).toEqual(changed)
    expect((await administrators.find(two.hash))?.session).toEqual(two)
    await administrators.end(one.hash)
    await administrators.end(one.hash)
    await administrators.touch(one.hash, now + 10)
    expect(await draftSecret(stores, one.hash, 'third draft')).toBe(false)
    expect(await administrators.find(one.hash)).toBeNull()
    expect(await administrators.find(two.hash)).not.toBeNull()
  })

  it('drops sessions past their time as new ones open', async () => {
    const stores = await start(make)
    const session = await openSession(stores)
    await openSession(stores, { createdAt: session.expiresAt, expiresAt: session.expiresAt + hour })
    expect(await stores.administrators.find(session.hash)).toBeNull()
  })

  it('removes the sessions and the factor with the user', async () => {
    const stores = await start(make)
    const session = await enrolled(stores)
    await stores.users.remove('root')
    expect(await stores.administrators.find(session.hash)).toBeNull()
    expect(await stores.administrators.secondFactorOf('root')).toBeNull()
    await addPerson(stores, { id: 'root', account: 'root', role: 'admin' })
    expect(await stores.administrators.secondFactorOf('root')).toBeNull()
  })
}

function enrolmentConforms(make: MakeStores): void {
  it('makes the drafted secret the factor and trades the session, once of calls that race', async () => {
    const stores = await start(make)
    const { hash } = await openDrafted(stores)
    const changes = Array.from({ length: many }, () => enrolmentFrom(hash))
    const results = await Promise.all(changes.map((change) => stores.administrators.enrol(change)))
    expect(results.filter(Boolean)).toHaveLength(1)
    expect(await stores.administrators.find(hash)).toBeNull()
    for (const [index, { to }] of changes.entries())
      expect((await stores.administrators.find(to.hash))?.session ?? null).toEqual(
        results[index] ? to : null,
      )
  })

  it('refuses a secret that was drafted again since', async () => {
    const stores = await start(make)
    const { hash } = await openDrafted(stores)
    await draftSecret(stores, hash, 'another secret')
    expect(await stores.administrators.enrol(enrolmentFrom(hash))).toBe(false)
    expect(await stores.administrators.find(hash)).not.toBeNull()
    expect(await stores.administrators.secondFactorOf('root')).toBeNull()
  })

  it('refuses a session that has no draft, has ended, or is full', async () => {
    const stores = await start(make)
    const { administrators } = stores
    const without = await openSession(stores)
    const full = fullSession()
    await administrators.open(full)
    await draftSecret(stores, full.hash, 'secret')
    for (const hash of [without.hash, full.hash, 'unknown'])
      expect(await administrators.enrol(enrolmentFrom(hash))).toBe(false)
    expect(await administrators.secondFactorOf('root')).toBeNull()
  })

  it('refuses an administrator who has a factor, and changes nothing', async () => {
    const stores = await start(make)
    const { hash } = await enrolled(stores)
    await stores.giveEnrolment('root', enrolment)
    await draftSecret(stores, hash, 'secret')
    const change = { ...enrolmentFrom(hash), recoveryHashes: [] }
    expect(await stores.administrators.enrol(change)).toBe(false)
    expect(await stores.administrators.secondFactorOf('root')).toMatchObject({
      recoveryCodesLeft: 3,
    })
    expect(await stores.administrators.find(hash)).not.toBeNull()
    expect(await stores.administrators.find(change.to.hash)).toBeNull()
  })
}

function completionConforms(make: MakeStores): void {
  const complete = ({ administrators }: TestedStores, from: string, proof: FactorProof) => {
    const to = fullSession()
    return { to, done: administrators.complete({ from, to, proof, browser: newBrowser() }) }
  }

  it.each<[string, FactorProof]>([
    ['a time step', { step: step + 1 }],
    ['a recovery code', { recoveryHash: 'recovery 2' }],
    ['a recovery code of a former key', { recoveryHash: 'x', formerHashes: ['y', 'recovery 2'] }],
  ])('spends %s once, of calls that race in two sessions', async (_, proof) => {
    const stores = await start(make)
    const first = await enrolled(stores)
    const second = await openSession(stores)
    const calls = [first, second, first, second].map(({ hash }) => complete(stores, hash, proof))
    const results = await Promise.all(calls.map(({ done }) => done))
    expect(results.filter(Boolean)).toHaveLength(1)
    for (const [index, { to }] of calls.entries())
      expect((await stores.administrators.find(to.hash)) !== null).toBe(results[index])
    const left = [first, second].map(({ hash }) => stores.administrators.find(hash))
    expect((await Promise.all(left)).filter((session) => session !== null)).toHaveLength(1)
  })

  it('of different proofs that race in one session takes one, and spends no other', async () => {
    const stores = await start(make)
    const { hash } = await enrolled(stores)
    const calls = ['recovery 1', 'recovery 2'].map(
      (recoveryHash) => complete(stores, hash, { recoveryHash }).done,
    )
    expect((await Promise.all(calls)).sort()).toEqual([false, true])
    expect(await stores.administrators.secondFactorOf('root')).toMatchObject({
      recoveryCodesLeft: 2,
    })
  })

  it('takes a step that is later than the last one only', async () => {
    const stores = await start(make)
    const { hash } = await enrolled(stores)
    for (const early of [step, step - 1])
      expect(await complete(stores, hash, { step: early }).done).toBe(false)
    expect(await complete(stores, hash, { step: step + 2 }).done).toBe(true)
    const { hash: next } = await openSession(stores)
    expect(await complete(stores, next, { step: step + 1 }).done).toBe(false)
    expect(await complete(stores, next, { step: step + 3 }).done).toBe(true)
  })

  it('takes a step before the last one where that was used while the clock was ahead', async () => {
    const stores = await start(make)
    const { hash } = await enrolled(stores)
    expect(await complete(stores, hash, { step: step - 2 }).done).toBe(false)
    expect(await complete(stores, hash, { step: step - 3 }).done).toBe(true)
    const { hash: next } = await openSession(stores)
    expect(await complete(stores, next, { step: step - 3 }).done).toBe(false)
    expect(await complete(stores, next, { step: step - 4 }).done).toBe(false)
    expect(await complete(stores, next, { step: step - 2 }).done).toBe(true)
  })

  it('spends nothing in a session that has ended or is full', async () => {
    const stores = await start(make)
    await enrolled(stores)
    const full = fullSession()
    await stores.administrators.open(full)
    for (const hash of ['unknown', full.hash]) {
      expect(await complete(stores, hash, { step: step + 1 }).done).toBe(false)
      expect(await complete(stores, hash, { recoveryHash: 'recovery 1' }).done).toBe(false)
    }
    expect(await stores.administrators.secondFactorOf('root')).toMatchObject({
      recoveryCodesLeft: 3,
    })
    const { hash } = await openSession(stores)
    expect(await complete(stores, hash, { step: step + 1 }).done).toBe(true)
  })

  it('takes no code of another administrator, and none without a factor', async () => {
    const stores = await start(make)
    await enrolled(stores)
    const session = await openSession(stores, { userId: 'other' })
    const to = { ...fullSession(), userId: 'other' }
    const { administrators } = stores
    const change = { from: session.hash, to, browser: newBrowser() }
    for (const proof of [{ step: step + 1 }, { recoveryHash: 'recovery 1' }])
      expect(await administrators.complete({ ...change, proof })).toBe(false)
    expect(await administrators.secondFactorOf('root')).toMatchObject({ recoveryCodesLeft: 3 })
  })
}
