import { beforeEach, expect, it } from 'vitest'
import { expectUnreadable } from '../../test/readable.ts'
import { createRootKey } from './root-key.ts'
import { createSessionKeyVault } from './session-key-vault.ts'

let vault: ReturnType<typeof createSessionKeyVault>
beforeEach(() => {
  vault = createSessionKeyVault(createRootKey(new Uint8Array(32).fill(1)))
})
const owner = { appId: 'wx1', openid: 'openid of ming' }
const sessionKey = 'HyVFkGl5F5OQWJZZaNzBBg=='

it('opens a session key for its owner', () => {
  expect(vault.open(owner, vault.seal(owner, sessionKey).sealed)).toBe(sessionKey)
})

it.each([
  ['app', { ...owner, appId: 'wx2' }],
  ['openid', { ...owner, openid: 'openid of hong' }],
])('opens no session key for another %s', (_what, other) => {
  const { sealed } = vault.seal(owner, sessionKey)
  expect(() => vault.open(other, sealed)).toThrow()
  expect(vault.open(other, vault.seal(other, sessionKey).sealed)).toBe(sessionKey)
})

it('opens nothing under another root key', () => {
  const other = createSessionKeyVault(createRootKey(new Uint8Array(32).fill(2)))
  expect(() => other.open(owner, vault.seal(owner, sessionKey).sealed)).toThrow()
})

it('shows the session key neither sealed nor by its fingerprint', () => {
  const { sealed, fingerprint } = vault.seal(owner, sessionKey)
  for (const kept of [sealed, fingerprint]) {
    expectUnreadable(Buffer.from(kept), sessionKey)
    expectUnreadable(Buffer.from(kept, 'base64url'), sessionKey)
  }
})

it('seals once, and differently each time it is asked', () => {
  const key = vault.seal(owner, sessionKey)
  expect(key.sealed).toBe(key.sealed)
  expect(vault.seal(owner, sessionKey).sealed).not.toBe(key.sealed)
})

it('gives one fingerprint to one session key of one owner', () => {
  const { fingerprint } = vault.seal(owner, sessionKey)
  const fingerprintOf = (change: Partial<typeof owner>, key = sessionKey) =>
    vault.seal({ ...owner, ...change }, key).fingerprint
  expect(fingerprintOf({})).toBe(fingerprint)
  expect(fingerprintOf({ appId: 'wx2' })).not.toBe(fingerprint)
  expect(fingerprintOf({ openid: 'openid of hong' })).not.toBe(fingerprint)
  expect(fingerprintOf({}, 'AAAAAAAAAAAAAAAAAAAAAA==')).not.toBe(fingerprint)
})

it('names the fingerprints of a session key under the former keys', () => {
  const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const both = createSessionKeyVault(createRootKey(b, a))
  const { fingerprint, formerFingerprints } = both.seal(owner, sessionKey)
  expect(formerFingerprints).toEqual([vault.seal(owner, sessionKey).fingerprint])
  expect(createSessionKeyVault(createRootKey(b)).seal(owner, sessionKey)).toMatchObject({
    fingerprint,
    formerFingerprints: [],
  })
})
