import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { storeOf } from '../../test/database.ts'
import { openDatabase } from '../store/sqlite/database.ts'
import { createAccessTokens } from './access-tokens.ts'
import { createKeyRing } from './key-ring.ts'
import { createPhoneSealer } from './phone-sealer.ts'
import { createRootKey } from './root-key.ts'
import { loadSigningKeys, publishedKeys } from './signing-key.ts'

const migrations = fileURLToPath(new URL('../../migrations/sqlite', import.meta.url))
const [secret, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
const accessTokenTtl = 900_000
const claims = { sessionId: 's', userId: 'u', appId: 'wx1' }

function open() {
  const clock = { now: 1_800_000_000_000, uptime: 0 }
  const database = openDatabase(':memory:', migrations, createPhoneSealer(createRootKey(secret)))
  onTestFinished(() => database.close())
  let reads = 0
  /** A process that has started with these keys. */
  const start = async (...secrets: readonly [Uint8Array, ...Uint8Array[]]) => {
    const root = createRootKey(...secrets)
    const { signingKeys } = storeOf(database, root)
    const counted = {
      ...signingKeys,
      list: () => {
        reads++
        return signingKeys.list()
      },
    }
    const loaded = await loadSigningKeys(signingKeys, root, { accessTokenTtl, now: clock.now })
    const ports = { signingKeys: counted, root }
    const ring = createKeyRing(loaded, ports, {
      ...{ accessTokenTtl, now: () => clock.now, uptime: () => clock.uptime },
    })
    const issuer = 'https://mianmi.example'
    const tokens = createAccessTokens({ keys: ring, issuer, ttl: accessTokenTtl })
    const sign = async () => (await tokens.signAccess(claims, clock.now)).token
    const verifies = async (token: string) => (await tokens.verifyAccess(token, clock.now)) !== null
    return { ring, sign, verifies, kid: loaded.signing.kid }
  }
  const forget = () => database.sqlite.exec('delete from signing_keys')
  return { clock, start, forget, reads: () => reads }
}

it('finds a key that another process has added since the start', async () => {
  const { clock, start, reads } = open()
  const first = await start(secret)
  await start(secret, other)
  const successor = await start(other, secret)
  const token = await successor.sign()
  expect(await first.verifies(token)).toBe(true)
  expect(reads()).toBe(1)
  expect(publishedKeys(first.ring.current(), clock.now).map(({ kid }) => kid)).toEqual([
    first.kid,
    successor.kid,
  ])
})

it('reads once a second at most, however many tokens name a key that does not exist', async () => {
  const { clock, start, forget, reads } = open()
  const stranger = await start(other)
  const [token, later] = [await stranger.sign(), await stranger.sign()]
  forget()
  const { verifies } = await start(secret)
  expect(await Promise.all([token, later, token].map(verifies))).toEqual([false, false, false])
  clock.uptime = 999
  expect(await verifies(later)).toBe(false)
  expect(reads()).toBe(1)
  clock.uptime = 1_000
  expect(await verifies(later)).toBe(false)
  expect(reads()).toBe(2)
})

it('signs with a key that the database has, after it has lost that of this process', async () => {
  const { clock, start, forget } = open()
  const node = await start(secret)
  const before = await node.sign()
  forget()
  await node.ring.restore()
  const { signing } = node.ring.current()
  expect(signing.kid).not.toBe(node.kid)
  const neighbour = await start(secret)
  expect(await neighbour.verifies(await node.sign())).toBe(true)
  expect(await node.verifies(before)).toBe(true)
  clock.now += accessTokenTtl
  expect(publishedKeys(node.ring.current(), clock.now).map(({ kid }) => kid)).toEqual([signing.kid])
  await node.ring.restore()
  expect(node.ring.current().signing).toBe(signing)
})
