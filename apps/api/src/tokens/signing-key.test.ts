import { fileURLToPath } from 'node:url'
import { calculateJwkThumbprint, exportJWK } from 'jose'
import { expect, it, onTestFinished } from 'vitest'
import { storeOf } from '../../test/database.ts'
import { expectUnreadable } from '../../test/readable.ts'
import { openDatabase } from '../store/sqlite/database.ts'
import { createPhoneSealer } from './phone-sealer.ts'
import { createRootKey } from './root-key.ts'
import { loadSigningKeys, publishedKeys, type SigningKeys } from './signing-key.ts'

const migrations = fileURLToPath(new URL('../../migrations/sqlite', import.meta.url))
const [secret, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
const root = createRootKey(secret)
const now = 1_800_000_000_000
const accessTokenTtl = 900_000
const week = 7 * 86_400_000

function open() {
  const database = openDatabase(':memory:', migrations, createPhoneSealer(root))
  onTestFinished(() => database.close())
  const rows = () =>
    database.sqlite
      .prepare<
        [],
        {
          kid: string
          root_id: string
          sealed_private_jwk: string
          created_at: number
          retired_at: number | null
        }
      >('select * from signing_keys order by created_at, kid')
      .all()
  const load = (keys = root, at = now): Promise<SigningKeys> =>
    loadSigningKeys(storeOf(database, keys).signingKeys, keys, { accessTokenTtl, now: at })
  const retire = (rootId: string, at: number | null) =>
    database.sqlite
      .prepare('update signing_keys set retired_at = ? where root_id = ?')
      .run(at, rootId)
  return { database, rows, load, retire }
}

it('is made at the first start, and found at every later one', async () => {
  const { rows, load } = open()
  const { signing: first, former } = await load()
  expect(rows()).toMatchObject([{ kid: first.kid, root_id: root.id, created_at: now }])
  const { signing: second } = await load(root, now + 1)
  expect(second.publicJwk).toEqual(first.publicJwk)
  expect(second.privateKey.equals(first.privateKey)).toBe(true)
  expect(rows()).toHaveLength(1)
  expect(former).toEqual([])
})

it('is the same for concurrent loads, also with the keys in another order', async () => {
  const { rows, load } = open()
  const [there, back] = [createRootKey(secret, other), createRootKey(other, secret)]
  const loads = await Promise.all([there, back, there, back].map((keys) => load(keys)))
  expect(rows()).toHaveLength(2)
  const [first, second, third, fourth] = loads
  expect(first?.signing.privateKey.equals(third?.signing.privateKey as never)).toBe(true)
  expect(second?.signing.privateKey.equals(fourth?.signing.privateKey as never)).toBe(true)
  expect(first?.former.map(({ kid }) => kid)).toEqual([second?.signing.kid])
  expect(second?.former.map(({ kid }) => kid)).toEqual([first?.signing.kid])
})

it('of a new key in front signs, and that of the former key is still published', async () => {
  const { rows, load } = open()
  const { signing: before } = await load()
  const after = await load(createRootKey(other, secret))
  expect(after.signing.kid).not.toBe(before.kid)
  expect(publishedKeys(after, now)).toEqual([after.signing.publicJwk, before.publicJwk])
  expect(rows()).toHaveLength(2)
})

it('that was retired verifies for the lifetime of an access token, and is deleted then', async () => {
  const { rows, load, retire, database } = open()
  const both = createRootKey(other, secret)
  const { former } = await load(both)
  const kid = former[0]?.kid
  for (const { kid: each, sealed_private_jwk } of rows())
    database.sqlite
      .prepare('update signing_keys set sealed_private_jwk = ? where kid = ?')
      .run(both.seal('signing key', both.open('signing key', sealed_private_jwk)), each)
  retire(root.id, now)
  const alone = createRootKey(other)
  const until = now + accessTokenTtl
  const loaded = await load(alone, until - 1)
  expect(loaded.former).toMatchObject([{ kid, until }])
  expect(publishedKeys(loaded, until - 1)).toHaveLength(2)
  expect(publishedKeys(loaded, until)).toEqual([loaded.signing.publicJwk])
  expect((await load(alone, until)).former).toEqual([])
  expect(rows()).toMatchObject([{ root_id: alone.id }])
})

it('that was retired by a clock that was ahead is retired now', async () => {
  const { rows, load, retire } = open()
  await load(createRootKey(other, secret))
  retire(root.id, now + 365 * 86_400_000)
  const { former } = await load(createRootKey(other, secret))
  expect(former).toMatchObject([{ until: now + accessTokenTtl }])
  expect(rows().map(({ retired_at }) => retired_at)).toContain(now)
})

it('signs again when its key is first again after it was retired', async () => {
  const { rows, load, retire } = open()
  const both = createRootKey(secret, other)
  const { signing } = await load(both)
  retire(root.id, now)
  expect((await load(both)).signing.kid).toBe(signing.kid)
  expect(rows().map(({ retired_at }) => retired_at)).toEqual([null, null])
})

it('that was published ahead survives a start with the former list, in the middle of a change', async () => {
  const { load } = open()
  const { former } = await load(createRootKey(secret, other))
  const [ahead] = former
  const restarted = await load(root, now + week - 1)
  expect(publishedKeys(restarted, now)).toContainEqual(ahead?.publicJwk)
  const { signing } = await load(createRootKey(other, secret), now + week)
  expect(signing.kid).toBe(ahead?.kid)
})

it('of a key that was listed and never first is removed a week later', async () => {
  const { rows, load } = open()
  await load(createRootKey(secret, other))
  expect((await load(root, now + week)).former).toEqual([])
  expect(rows()).toMatchObject([{ root_id: root.id }])
})

it('that only a key which is listed no longer opens, and that never signed, is left out', async () => {
  const { rows, load, retire } = open()
  await load(createRootKey(secret, other))
  const third = createRootKey(new Uint8Array(32).fill(3), secret)
  await load(third)
  retire(root.id, now)
  // As `reseal` leaves them: it passes over what verifies nothing.
  const alone = createRootKey(new Uint8Array(32).fill(3))
  const { signing, former } = await load(alone, now + accessTokenTtl)
  expect([signing.publicJwk, former]).toEqual([expect.objectContaining({ kid: signing.kid }), []])
  expect(rows().map(({ root_id }) => root_id)).toContain(createRootKey(other).id)
})

it('publishes its public half only, under its thumbprint (RFC 7638)', async () => {
  const { kid, publicJwk, publicKey, privateKey } = (await open().load()).signing
  const { x = '', y = '' } = await exportJWK(publicKey)
  expect(publicJwk).toEqual({ kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' })
  expect(kid).toBe(await calculateJwkThumbprint(publicJwk))
  expect(privateKey.export({ format: 'jwk' })).toMatchObject({ crv: 'P-256', x, y })
})

it('is kept sealed: its private half is readable nowhere in the row', async () => {
  const { rows, load } = open()
  const { privateKey } = (await load()).signing
  const { d = '' } = privateKey.export({ format: 'jwk' })
  const kept = JSON.stringify(rows())
  expectUnreadable(Buffer.from(kept), d)
  expectUnreadable(Buffer.from(kept), Buffer.from(d, 'base64url').toString('base64'))
  expectUnreadable(Buffer.from(rows()[0]?.sealed_private_jwk ?? '', 'base64url'), d)
})

it('a key that is not an elliptic curve key is refused', async () => {
  const { database, load } = open()
  await load()
  const jwk = JSON.stringify({ kty: 'oct', k: 'AAAA' })
  database.sqlite
    .prepare('update signing_keys set sealed_private_jwk = ?')
    .run(root.seal('signing key', jwk))
  await expect(load()).rejects.toThrow(TypeError)
})
