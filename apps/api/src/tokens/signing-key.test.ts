import { fileURLToPath } from 'node:url'
import { calculateJwkThumbprint, exportJWK } from 'jose'
import { expect, it, onTestFinished } from 'vitest'
import { expectUnreadable } from '../../test/readable.ts'
import { openDatabase } from '../store/index.ts'
import { createPhoneSealer } from './phone-sealer.ts'
import { createRootKey } from './root-key.ts'
import { loadSigningKey } from './signing-key.ts'

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))
const root = createRootKey(new Uint8Array(32).fill(1))

function open() {
  const database = openDatabase(':memory:', migrations, createPhoneSealer(root))
  onTestFinished(() => database.close())
  const rows = () =>
    database.sqlite
      .prepare<
        [],
        { kid: string; root_id: string; sealed_private_jwk: string; created_at: number }
      >('select * from signing_keys order by created_at, kid')
      .all()
  return { database, rows }
}

it('is made at the first start, and found at every later one', async () => {
  const { database, rows } = open()
  const before = Date.now()
  const first = await loadSigningKey(database, root)
  expect(rows()).toMatchObject([{ kid: first.kid, root_id: root.id }])
  expect(rows()[0]?.created_at).toBeGreaterThanOrEqual(before)
  const second = await loadSigningKey(database, root)
  expect(second.publicJwk).toEqual(first.publicJwk)
  expect(second.privateKey.equals(first.privateKey)).toBe(true)
  expect(rows()).toHaveLength(1)
})

it('is the same for concurrent loads', async () => {
  const { database, rows } = open()
  const keys = await Promise.all(Array.from({ length: 4 }, () => loadSigningKey(database, root)))
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(1)
  expect(rows()).toHaveLength(1)
  for (const { privateKey } of keys)
    expect(privateKey.equals(keys[0]?.privateKey as never)).toBe(true)
})

it('differs for another root key, and both are kept', async () => {
  const { database, rows } = open()
  const first = await loadSigningKey(database, root)
  const second = await loadSigningKey(database, createRootKey(new Uint8Array(32).fill(2)))
  expect(second.kid).not.toBe(first.kid)
  expect(rows()).toHaveLength(2)
  expect((await loadSigningKey(database, root)).kid).toBe(first.kid)
})

it('publishes its public half only, under its thumbprint (RFC 7638)', async () => {
  const { kid, publicJwk, publicKey, privateKey } = await loadSigningKey(open().database, root)
  const { x = '', y = '' } = await exportJWK(publicKey)
  expect(publicJwk).toEqual({ kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' })
  expect(kid).toBe(await calculateJwkThumbprint(publicJwk))
  expect(privateKey.export({ format: 'jwk' })).toMatchObject({ crv: 'P-256', x, y })
})

it('is kept sealed: its private half is readable nowhere in the row', async () => {
  const { database, rows } = open()
  const { privateKey } = await loadSigningKey(database, root)
  const { d = '' } = privateKey.export({ format: 'jwk' })
  const kept = JSON.stringify(rows())
  expectUnreadable(Buffer.from(kept), d)
  expectUnreadable(Buffer.from(kept), Buffer.from(d, 'base64url').toString('base64'))
  expectUnreadable(Buffer.from(rows()[0]?.sealed_private_jwk ?? '', 'base64url'), d)
})

it('a key that is not an elliptic curve key is refused', async () => {
  const { database } = open()
  await loadSigningKey(database, root)
  const jwk = JSON.stringify({ kty: 'oct', k: 'AAAA' })
  database.sqlite
    .prepare('update signing_keys set sealed_private_jwk = ?')
    .run(root.seal('signing key', jwk))
  await expect(loadSigningKey(database, root)).rejects.toThrow(TypeError)
})
