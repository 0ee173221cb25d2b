import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { expect, it } from 'vitest'
import { createRootKey } from '../../tokens/root-key.ts'
import { createTotp } from './totp.ts'

const root = createRootKey(randomBytes(32))
const totp = createTotp(root)
const administrator = { id: 'u1', account: 'ops' }
const now = 1_800_000_015_000
const step = Math.floor(now / 30_000)

const codeAt = (secret: string, timestamp: number): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp })

it('agrees with the test vectors of RFC 6238, appendix B', () => {
  // The RFC shows eight digits; six are their end.
  const sealed = root.seal('second factor', Secret.fromUTF8('12345678901234567890').base32, 'u1')
  for (const [seconds, code] of [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [2_000_000_000, '279037'],
  ] as const)
    expect(totp.stepOf('u1', sealed, { code, now: seconds * 1000 })).toBe(Math.floor(seconds / 30))
})

it('a code of the step before or after counts, one further away does not', () => {
  const { secret, sealed } = totp.draft(administrator)
  const steps = [-60_000, -30_000, 0, 30_000, 60_000].map((away) =>
    totp.stepOf('u1', sealed, { code: codeAt(secret, now + away), now }),
  )
  expect(steps).toEqual([null, step - 1, step, step + 1, null])
})

it('a text that is not six digits is never accepted', () => {
  const { secret, sealed } = totp.draft(administrator)
  const code = codeAt(secret, now)
  for (const guess of ['', '12345', `${code}0`, ` ${code}`, 'abcdef', '１２３４５６'])
    expect(totp.stepOf('u1', sealed, { code: guess, now })).toBeNull()
})

it('a secret opens for its administrator only', () => {
  const { sealed } = totp.draft(administrator)
  expect(() => totp.stepOf('u2', sealed, { code: '000000', now })).toThrow()
})

it('the address names the service and the account, and holds 160 bits', () => {
  const { secret, uri } = totp.draft({ id: 'u1', account: '管理员' })
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  expect(decodeURIComponent(uri)).toBe(
    `otpauth://totp/mianmi:管理员?issuer=mianmi&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
  )
})
