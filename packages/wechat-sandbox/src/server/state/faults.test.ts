import { expect, test } from 'vitest'
import { createFaults, type FaultKind, faultKinds, phoneButtonPath } from './faults.ts'

const login = '/sns/jscode2session'
const phone = '/wxa/business/getuserphonenumber'
const token = '/cgi-bin/stable_token'
const everyPath = [login, phone, token]

/** The paths that each kind affects. */
const affected: Record<FaultKind, string[]> = {
  none: [],
  busy: everyPath,
  slow: everyPath,
  silent: everyPath,
  garbage: everyPath,
  huge: everyPath,
  redirect: everyPath,
  http500: everyPath,
  down: everyPath,
  cut: everyPath,
  lost: everyPath,
  quota: everyPath,
  errcode: everyPath,
  blocked: [login, phone],
  rateLimited: [login, phone],
  noOpenid: [login],
  noUnionid: [login],
  errcodeZero: [login],
  phoneQuota: [phoneButtonPath],
}

test.each(faultKinds)('%s affects its paths and no others', (kind) => {
  const faults = createFaults()
  faults.set({ kind })
  const paths = [...everyPath, phoneButtonPath].filter((path) => faults.next(path).kind !== 'none')
  expect(paths).toEqual(affected[kind])
})

test('a fault has defaults, and none resets it', () => {
  const faults = createFaults()
  expect(faults.set({ kind: 'slow' })).toEqual({
    kind: 'slow',
    path: null,
    times: null,
    delayMs: 10_000,
    errcode: -1,
  })
  expect(faults.set({ kind: 'none' }).kind).toBe('none')
  expect(faults.current()).toMatchObject({ kind: 'none', paths: [] })
})

test('a call that a fault does not affect is not counted', () => {
  const faults = createFaults()
  faults.set({ kind: 'blocked', times: 2 })
  expect(faults.next(token).kind).toBe('none')
  expect([faults.next(login).kind, faults.next(phone).kind]).toEqual(['blocked', 'blocked'])
  expect(faults.next(login).kind).toBe('none')
})
