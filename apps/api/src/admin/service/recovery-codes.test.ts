import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createRootKey } from '../../tokens/root-key.ts'
import { createRecoveryCodes } from './recovery-codes.ts'

const recovery = createRecoveryCodes(createRootKey(randomBytes(32)))

it('ten codes are drawn, all different, without letters that look alike', () => {
  const codes = recovery.draw()
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^(?:[2-9A-HJKMNP-Z]{4}-?){3}$/)
})

it('a code is known however it was typed', () => {
  const hash = recovery.hash('u1', 'ABCD-EFGH-2345')
  for (const typed of ['abcd-efgh-2345', 'ABCDEFGH2345', ' abcd efgh 2345 '])
    expect(recovery.hash('u1', typed)).toBe(hash)
})

it('the same code of another administrator, or under another key, is another', () => {
  const hash = recovery.hash('u1', 'ABCD-EFGH-2345')
  const elsewhere = createRecoveryCodes(createRootKey(randomBytes(32)))
  expect(recovery.hash('u2', 'ABCD-EFGH-2345')).not.toBe(hash)
  expect(elsewhere.hash('u1', 'ABCD-EFGH-2345')).not.toBe(hash)
})

it('a code has the hashes that it was stored under by former keys', () => {
  const [a, b] = [randomBytes(32), randomBytes(32)]
  const [old, both] = [createRootKey(a), createRootKey(b, a)].map(createRecoveryCodes)
  expect(both?.formerHashes('u1', 'abcd-efgh')).toEqual([old?.hash('u1', 'ABCD EFGH')])
  expect(old?.formerHashes('u1', 'abcd-efgh')).toEqual([])
})
