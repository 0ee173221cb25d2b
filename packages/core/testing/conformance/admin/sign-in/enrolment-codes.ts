import { expect, it } from 'vitest'
import { enrolmentTtl } from '../../../../src/admin/index.ts'
import { hour, now } from '../../drafts.ts'
import type { MakeStores, TestedStores } from '../../stores.ts'
import { addPerson } from '../people/people.ts'
import { newAdminSession, newBrowser, openSession } from './administrators.ts'

/** Stores with the administrators `root`, whose code is valid for an hour, and `other`, who has none. */
async function start(make: MakeStores): Promise<TestedStores> {
  const stores = await make()
  for (const id of ['root', 'other']) {
    await addPerson(stores, { id, account: id })
    await stores.makeAdmin(id)
  }
  await stores.giveEnrolment('root', { hash: 'code', expiresAt: now + hour })
  return stores
}

const draft = (
  { administrators }: TestedStores,
  hash: string,
  { enrolmentHash = 'code', at = now } = {},
) => administrators.draftSecret({ hash, sealedSecret: 'secret', enrolmentHash, now: at })

function enrol({ administrators }: TestedStores, from: string, at = now): Promise<boolean> {
  return administrators.enrol({
    from,
    to: newAdminSession({ factor: 'full' }),
    sealedSecret: 'secret',
    step: 1,
    recoveryHashes: [],
    browser: newBrowser(),
    now: at,
  })
}

/** What the verbs that enrol an app must do with the enrolment code. */
export function enrolmentCodesConform(make: MakeStores): void {
  it('let their own user draft a secret, as often as it takes, until they expire', async () => {
    const stores = await start(make)
    const { hash } = await openSession(stores)
    expect(await draft(stores, hash)).toBe(true)
    expect(await draft(stores, hash)).toBe(true)
    expect(await draft(stores, hash, { enrolmentHash: 'another' })).toBe(false)
    expect(await draft(stores, hash, { at: now + hour - 1 })).toBe(true)
    expect(await draft(stores, hash, { at: now + hour })).toBe(false)
    expect(await draft(stores, hash, { at: now + hour - enrolmentTtl - 1 })).toBe(false)
    const { hash: other } = await openSession(stores, { userId: 'other' })
    expect(await draft(stores, other)).toBe(false)
    expect(await draft(stores, 'unknown')).toBe(false)
  })

  it('are consumed by the enrolment, and refuse it where they have expired', async () => {
    const stores = await start(make)
    const { hash } = await openSession(stores)
    await draft(stores, hash)
    expect(await enrol(stores, hash, now + hour)).toBe(false)
    expect(await stores.administrators.find(hash)).not.toBeNull()
    expect(await enrol(stores, hash)).toBe(true)
    const { hash: next } = await openSession(stores)
    expect(await draft(stores, next)).toBe(false)
  })

  it('end with the one that replaces them', async () => {
    const stores = await start(make)
    const { hash } = await openSession(stores)
    await stores.giveEnrolment('root', { hash: 'new code', expiresAt: now + hour })
    expect(await draft(stores, hash)).toBe(false)
    expect(await draft(stores, hash, { enrolmentHash: 'new code' })).toBe(true)
  })
}
