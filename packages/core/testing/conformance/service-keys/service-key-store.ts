import { beforeEach, describe, expect, it } from 'vitest'
import {
  type FactorProof,
  type NewServiceKey,
  type ProvenActor,
  revokedKeyRetention,
} from '../../../src/admin/index.ts'
import { useInterval } from '../../../src/index.ts'
import { addPerson } from '../admin/people/people.ts'
import { enrolAdministrator } from '../admin/sign-in/administrators.ts'
import { hour, now, race, unique } from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'

const step = 60_000_000

function newKey(change: Partial<NewServiceKey> = {}): NewServiceKey {
  const scopes = ['introspect', 'users:read'] as const
  const draft = { id: unique('key'), name: unique('name'), hash: unique('hash'), at: now }
  return { ...draft, scopes, ...change }
}

/** Rotates with a new secret, whose hash it returns. */
async function rotate(
  { serviceKeys }: TestedStores,
  id: string,
  { at = now, previousUntil = at + hour }: { at?: number; previousUntil?: number } = {},
): Promise<string> {
  const hash = unique('hash')
  expect(await serviceKeys.rotate({ id, hash, at, previousUntil }, null)).toBe('rotated')
  return hash
}

async function addAdministrator(stores: TestedStores, id = 'root'): Promise<void> {
  await addPerson(stores, { id, account: id, identities: [], sessions: 0 })
  await stores.makeAdmin(id)
  await enrolAdministrator(stores, id)
}

const by = (proof: FactorProof, adminId = 'root'): ProvenActor => ({
  adminId,
  sessionHash: `session of ${adminId}`,
  proof,
})

export function describeServiceKeyStore(make: MakeStores): void {
  describe('the store of service keys', () => {
    let stores: TestedStores
    beforeEach(async () => {
      stores = await make()
    })
    describe('create', () => createConforms(() => stores))
    describe('rotate', () => rotateConforms(() => stores))
    describe('revoke', () => revokeConforms(() => stores))
    describe('noteUse', () => noteUseConforms(() => stores))
    describe('the code of the administrator who acts', () => proofConforms(() => stores))
  })
}

function createConforms(current: () => TestedStores): void {
  it('makes a key that is found by its hash alone, and listed', async () => {
    const { serviceKeys } = current()
    const key = newKey()
    const other = newKey({ at: now - 1, scopes: ['phones:read'] })
    expect(await serviceKeys.create(key, null)).toBe('created')
    expect(await serviceKeys.create(other, null)).toBe('created')
    const { id, name, scopes, hash } = key
    expect(await serviceKeys.find(hash, now)).toEqual({ id, name, scopes })
    expect(await serviceKeys.find(other.hash, now)).toMatchObject({ scopes: ['phones:read'] })
    for (const wrong of [id, name, hash.toUpperCase(), `${hash} `, ''])
      expect(await serviceKeys.find(wrong, now)).toBeNull()
    const secrets = [{ createdAt: now, expiresAt: null, lastUsedAt: null }]
    expect(await serviceKeys.list()).toEqual([
      expect.objectContaining({ id: other.id, createdAt: now - 1 }),
      { id, name, scopes, createdAt: now, createdBy: null, revokedAt: null, secrets },
    ])
  })

  it('gives a name to one of the keys that race for it, and again once that is revoked', async () => {
    const { serviceKeys } = current()
    const name = unique('name')
    const keys = Array.from({ length: 4 }, () => newKey({ name }))
    const results = await Promise.all(keys.map((key) => serviceKeys.create(key, null)))
    expect([...results].sort()).toEqual(['created', 'name_taken', 'name_taken', 'name_taken'])
    const [created] = await serviceKeys.list()
    for (const [index, { hash }] of keys.entries())
      expect((await serviceKeys.find(hash, now)) !== null).toBe(results[index] === 'created')
    await serviceKeys.revoke(created?.id ?? '', now)
    expect(await serviceKeys.create(newKey({ name }), null)).toBe('created')
    expect(await serviceKeys.list()).toHaveLength(2)
  })

  it('deletes the keys that were revoked long ago', async () => {
    const { serviceKeys } = current()
    const [old, late] = [newKey(), newKey()]
    for (const key of [old, late]) await serviceKeys.create(key, null)
    await serviceKeys.revoke(old.id, now)
    await serviceKeys.revoke(late.id, now + 1)
    await serviceKeys.create(newKey({ at: now + revokedKeyRetention }), null)
    const ids = (await serviceKeys.list()).map(({ id }) => id)
    expect(ids).not.toContain(old.id)
    expect(ids).toContain(late.id)
  })
}

function rotateConforms(current: () => TestedStores): void {
  it('accepts both secrets until the overlap is over, and the new one after it', async () => {
    const stores = current()
    const { serviceKeys } = stores
    const key = newKey()
    await serviceKeys.create(key, null)
    const hash = await rotate(stores, key.id, { previousUntil: now + hour })
    for (const each of [key.hash, hash])
      expect(await serviceKeys.find(each, now + hour - 1)).toMatchObject({ id: key.id })
    expect(await serviceKeys.find(key.hash, now + hour)).toBeNull()
    expect(await serviceKeys.find(hash, now + hour)).toMatchObject({ scopes: key.scopes })
  })

  it('without an overlap ends the secret before at once', async () => {
    const stores = current()
    const key = newKey()
    await stores.serviceKeys.create(key, null)
    await rotate(stores, key.id, { previousUntil: now })
    expect(await stores.serviceKeys.find(key.hash, now)).toBeNull()
  })

  it('never prolongs a secret, and deletes those that are over', async () => {
    const stores = current()
    const { serviceKeys } = stores
    const key = newKey()
    await serviceKeys.create(key, null)
    const second = await rotate(stores, key.id, { previousUntil: now + 10 })
    await rotate(stores, key.id, { at: now + 5, previousUntil: now + hour })
    expect(await serviceKeys.find(key.hash, now + 10)).toBeNull()
    expect(await serviceKeys.find(second, now + 10)).not.toBeNull()
    expect((await serviceKeys.list())[0]?.secrets).toHaveLength(3)
    await rotate(stores, key.id, { at: now + 20, previousUntil: now + 20 })
    const [listed] = await serviceKeys.list()
    expect(listed?.secrets).toMatchObject([
      { createdAt: now + 20, expiresAt: null },
      { createdAt: now + 5, expiresAt: now + 20 },
      { createdAt: now, expiresAt: now + 20 },
    ])
  })

  it('of callers that race leaves each one its secret', async () => {
    const stores = current()
    const key = newKey()
    await stores.serviceKeys.create(key, null)
    const hashes = await race(4, () => rotate(stores, key.id))
    for (const hash of hashes)
      expect(await stores.serviceKeys.find(hash, now)).toMatchObject({ id: key.id })
    const [listed] = await stores.serviceKeys.list()
    expect(listed?.secrets.filter(({ expiresAt }) => expiresAt === null)).toHaveLength(1)
  })

  it('refuses an unknown key and a revoked one', async () => {
    const { serviceKeys } = current()
    const key = newKey()
    await serviceKeys.create(key, null)
    await serviceKeys.revoke(key.id, now)
    for (const id of [key.id, 'unknown']) {
      const hash = unique('hash')
      const change = { id, hash, at: now, previousUntil: now }
      expect(await serviceKeys.rotate(change, null)).toBe('not_found')
      expect(await serviceKeys.find(hash, now)).toBeNull()
    }
  })
}

function revokeConforms(current: () => TestedStores): void {
  it('ends every secret of the key, and of no other, for one of the callers that race', async () => {
    const stores = current()
    const { serviceKeys } = stores
    const [key, other] = [newKey(), newKey()]
    for (const each of [key, other]) await serviceKeys.create(each, null)
    const hash = await rotate(stores, key.id)
    const results = await race(4, () => serviceKeys.revoke(key.id, now + 1))
    expect(results.filter(Boolean)).toHaveLength(1)
    for (const each of [key.hash, hash]) expect(await serviceKeys.find(each, now)).toBeNull()
    expect(await serviceKeys.find(other.hash, now)).toMatchObject({ id: other.id })
    const listed = await serviceKeys.list()
    expect(listed.find(({ id }) => id === key.id)).toMatchObject({ revokedAt: now + 1 })
    expect(await serviceKeys.revoke('unknown', now)).toBe(false)
  })

  it('of a revocation and a rotation that race leaves no secret behind', async () => {
    const { serviceKeys } = current()
    const key = newKey()
    await serviceKeys.create(key, null)
    const hash = unique('hash')
    await Promise.all([
      serviceKeys.rotate({ id: key.id, hash, at: now, previousUntil: now + hour }, null),
      serviceKeys.revoke(key.id, now),
    ])
    for (const each of [key.hash, hash]) expect(await serviceKeys.find(each, now)).toBeNull()
  })
}

function noteUseConforms(current: () => TestedStores): void {
  it('keeps the time of a use to the minute, for each secret', async () => {
    const stores = current()
    const { serviceKeys } = stores
    const key = newKey()
    await serviceKeys.create(key, null)
    const hash = await rotate(stores, key.id)
    const used = async () => {
      const [listed] = await serviceKeys.list()
      return listed?.secrets.map(({ lastUsedAt }) => lastUsedAt).sort()
    }
    await serviceKeys.noteUse(hash, now)
    await serviceKeys.noteUse(hash, now + useInterval - 1)
    expect(await used()).toEqual([now, null])
    await serviceKeys.noteUse(hash, now + useInterval)
    await serviceKeys.noteUse(key.hash, now + 1)
    expect(await used()).toEqual([now + 1, now + useInterval])
    await serviceKeys.noteUse('unknown', now)
  })

  it('replaces a time that a clock wrote which was ahead', async () => {
    const { serviceKeys } = current()
    const key = newKey()
    await serviceKeys.create(key, null)
    await serviceKeys.noteUse(key.hash, now + 24 * hour)
    await serviceKeys.noteUse(key.hash, now)
    expect((await serviceKeys.list())[0]?.secrets).toMatchObject([{ lastUsedAt: now }])
  })
}

function proofConforms(current: () => TestedStores): void {
  it('is consumed by a creation and by a rotation, once, and says who created', async () => {
    const stores = current()
    const { serviceKeys } = stores
    await addAdministrator(stores)
    const key = newKey()
    expect(await serviceKeys.create(key, by({ step: step + 1 }))).toBe('created')
    expect(await serviceKeys.create(newKey(), by({ step: step + 1 }))).toBe('proof_rejected')
    const change = { id: key.id, hash: unique('hash'), at: now, previousUntil: now }
    expect(await serviceKeys.rotate(change, by({ step: step + 1 }))).toBe('proof_rejected')
    expect(await serviceKeys.find(change.hash, now)).toBeNull()
    expect(await serviceKeys.rotate(change, by({ step: step + 2 }))).toBe('rotated')
    expect(await serviceKeys.list()).toMatchObject([{ id: key.id, createdBy: 'root' }])
  })

  it('is not consumed by what is refused', async () => {
    const stores = current()
    const { serviceKeys } = stores
    await addAdministrator(stores)
    const key = newKey()
    await serviceKeys.create(key, null)
    const proof = by({ step: step + 1 })
    expect(await serviceKeys.create(newKey({ name: key.name }), proof)).toBe('name_taken')
    const change = { id: 'unknown', hash: unique('hash'), at: now, previousUntil: now }
    expect(await serviceKeys.rotate(change, proof)).toBe('not_found')
    expect(await serviceKeys.create(newKey(), proof)).toBe('created')
  })

  it('is refused where the administrator lost the role or was disabled', async () => {
    const stores = current()
    await addAdministrator(stores)
    await addAdministrator(stores, 'boss')
    await stores.people.disable('root', now)
    await stores.makeAdmin('boss', 'user')
    for (const adminId of ['root', 'boss'])
      expect(await stores.serviceKeys.create(newKey(), by({ step: step + 1 }, adminId))).toBe(
        'proof_rejected',
      )
    expect(await stores.serviceKeys.list()).toEqual([])
  })

  it('leaves the keys of an administrator who is deleted', async () => {
    const stores = current()
    await addAdministrator(stores)
    await addAdministrator(stores, 'boss')
    const key = newKey()
    await stores.serviceKeys.create(key, by({ step: step + 1 }, 'boss'))
    await stores.users.remove('boss')
    expect(await stores.serviceKeys.list()).toMatchObject([{ id: key.id, createdBy: null }])
    expect(await stores.serviceKeys.find(key.hash, now)).toMatchObject({ id: key.id })
  })
}
