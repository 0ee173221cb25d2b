import { beforeEach, expect, it } from 'vitest'
import { expectUnreadable } from '../../test/readable.ts'
import { createPhoneSealer, type PhoneSealer } from './phone-sealer.ts'
import { createRootKey } from './root-key.ts'

let phones: PhoneSealer
let others: PhoneSealer
beforeEach(() => {
  phones = createPhoneSealer(createRootKey(new Uint8Array(32).fill(1)))
  others = createPhoneSealer(createRootKey(new Uint8Array(32).fill(2)))
})
const phone = '13912345678'

it('opens a number for its user only, and under its root key only', () => {
  const sealed = phones.seal('u1', phone)
  expect(phones.open('u1', sealed)).toBe(phone)
  expect(() => phones.open('u2', sealed)).toThrow()
  expect(() => phones.open('', sealed)).toThrow()
  expect(() => others.open('u1', sealed)).toThrow()
})

it('gives equal numbers one fingerprint, and another under another root key', () => {
  expect(phones.key(phone)).toBe(phones.key(phone))
  expect(phones.key('+85213912345678')).not.toBe(phones.key(phone))
  expect(others.key(phone)).not.toBe(phones.key(phone))
  // As an earlier version stored it.
  expect(phones.key('13800138000')).toBe('3XOEq228HOtWmRfCVmmgPFAQAqdSxyYT5LEOwGp80yE')
})

it('shows the number neither sealed nor by its key', () => {
  for (const kept of [phones.seal('u1', phone), phones.key(phone)]) {
    expectUnreadable(Buffer.from(kept), phone)
    expectUnreadable(Buffer.from(kept, 'base64url'), phone)
  }
})
