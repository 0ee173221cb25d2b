import { Failure, type UserService } from '@mianmi/core'
import type { AdminService } from '@mianmi/core/admin'
import { describe, expect, it, vi } from 'vitest'
import { auditVerbOf } from '../src/admin/audit-verbs.ts'
import { type AdminContext, adminRouter, auditVerbOfPath } from '../src/admin/index.ts'
import {
  actor,
  administrator,
  browserTokensSet,
  cases,
  origin,
  setting,
  tokensSet,
  visitors,
} from './admin-cases.ts'
import { procedureAt, recordService } from './recorded-service.ts'

const verbOf = (path: string): string => auditVerbOfPath[path as keyof typeof auditVerbOfPath]

function callerOver(
  answers: Readonly<Record<string, unknown>>,
  change: Partial<AdminContext> = {},
) {
  const { service, calls } = recordService<AdminService>(answers)
  const users = recordService<UserService>({ authenticate: { user: { id: 'u' } } })
  const setToken = vi.fn()
  const setBrowserToken = vi.fn()
  const router = adminRouter.createCaller({
    admin: service,
    authenticateUser: users.service.authenticate,
    accessToken: null,
    origin,
    traceId: 't',
    crossOrigin: false,
    token: 'cookie',
    setToken,
    browserToken: 'browser',
    setBrowserToken,
    ...change,
  })
  return { router, calls, setToken, setBrowserToken }
}

const browserSet = (path: string) => (path in browserTokensSet ? [[browserTokensSet[path]]] : [])

const refusalOf = (path: string, reason: string, who: object = {}) => [
  'noteRefusal',
  { verb: verbOf(path), reason, adminId: null, userId: null, origin, ...who },
]

it('every procedure is called below', () => {
  const called = [...Object.keys(cases), ...Object.keys(visitors)]
  expect(called.sort()).toEqual(Object.keys(adminRouter._def.procedures).sort())
})

it('an unknown path has no audit verb', () => {
  expect(() => auditVerbOf('people.unknown')).toThrow('people.unknown')
})

describe.each(Object.entries(cases))('%s', (path, { input, args = [], answer, output }) => {
  const verb = verbOf(path)

  it('acts for the administrator of the cookie', async () => {
    const { router, calls, setToken, setBrowserToken } = callerOver({
      authenticate: administrator,
      [verb]: answer,
    })
    expect(await procedureAt(router, path)(input)).toEqual(output)
    expect(calls).toEqual([
      ['authenticate', 'cookie'],
      [verb, actor, ...args],
    ])
    expect(setToken).not.toHaveBeenCalled()
    expect(setBrowserToken.mock.calls).toEqual(browserSet(path))
  })

  it('does nothing without an administrator, and audits the refusal', async () => {
    const refusal = new Failure('unauthenticated')
    const { router, calls } = callerOver({ authenticate: refusal, [verb]: answer })
    await expect(procedureAt(router, path)(input)).rejects.toMatchObject({ cause: refusal })
    expect(calls).toEqual([['authenticate', 'cookie'], refusalOf(path, 'unauthenticated')])
  })
})

describe.each(Object.entries(visitors))('%s', (path, { input, args = [], answer, output }) => {
  it('needs no administrator, and sets the cookie where it has to', async () => {
    const { router, calls, setToken, setBrowserToken } = callerOver({ [verbOf(path)]: answer })
    expect(await procedureAt(router, path)(input)).toEqual(output)
    expect(calls).toEqual([[verbOf(path), ...args]])
    const set = path in tokensSet ? [[tokensSet[path]]] : []
    expect(setToken.mock.calls).toEqual(set)
    expect(setBrowserToken.mock.calls).toEqual(browserSet(path))
  })
})

const every = Object.entries({ ...cases, ...visitors })

describe.each(every)('%s', (path, { input }) => {
  it('is forbidden to a page of another origin', async () => {
    const { router, calls } = callerOver({}, { crossOrigin: true })
    await expect(procedureAt(router, path)(input)).rejects.toMatchObject({
      cause: { reason: 'forbidden' },
    })
    expect(calls).toEqual([refusalOf(path, 'forbidden')])
  })

  it('is forbidden to a user of a mini program, under their id', async () => {
    const { router, calls } = callerOver({}, { token: null, accessToken: 'access' })
    await expect(procedureAt(router, path)(input)).rejects.toMatchObject({
      cause: { reason: 'forbidden' },
    })
    expect(calls).toEqual([refusalOf(path, 'forbidden', { userId: 'u' })])
  })
})

describe('a refusal', () => {
  it('of an access token that is not valid is audited with its reason', async () => {
    const refusal = new Failure('unauthenticated')
    const { router, calls } = callerOver(
      {},
      {
        token: null,
        accessToken: 'access',
        authenticateUser: () => Promise.reject(refusal),
      },
    )
    await expect(router.settings()).rejects.toMatchObject({ cause: refusal })
    expect(calls).toEqual([refusalOf('settings', 'unauthenticated')])
  })

  it('of an unexpected kind is audited as internal', async () => {
    const { router, calls } = callerOver({ authenticate: new Error('disk') })
    await expect(router.settings()).rejects.toThrow()
    expect(calls.at(-1)).toEqual(refusalOf('settings', 'internal'))
  })

  it('of an input is audited once, under the administrator', async () => {
    const { router, calls } = callerOver({ authenticate: administrator })
    await expect(router.overview({ days: 0 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect(calls).toEqual([
      ['authenticate', 'cookie'],
      refusalOf('overview', 'invalid_input', { adminId: 'o' }),
    ])
  })

  it.each([
    { from: '2026-02-29', to: '2026-03-01' },
    { from: '2026-03-02', to: '2026-03-01' },
    // 367 days.
    { from: '2025-03-01', to: '2026-03-02' },
    { from: '2026-03-01' },
    { from: '2026-03-01T00:00:00Z', to: '2026-03-02' },
    { days: 7, from: '2026-03-01', to: '2026-03-02' },
    { days: 91 },
  ])('of a period that the overview has not: %j', async (input) => {
    const { router, calls } = callerOver({ authenticate: administrator })
    await expect(router.overview(input as { days: number })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
    expect(calls.at(-1)).toEqual(refusalOf('overview', 'invalid_input', { adminId: 'o' }))
  })

  it.each([
    { search: 'ming', sort: 'newest' },
    { status: 'disabled', sort: 'account' },
    { role: 'admin', sort: 'account' },
    { appId: 'wx1', sort: 'account' },
  ] as const)('of an order that the list of people has not: %j', async (input) => {
    const { router } = callerOver({ authenticate: administrator })
    await expect(router.people.list(input)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it.each([
    [{}, { days: 14 }],
    [{ days: 90 }, { days: 90 }],
    [
      { from: '2026-03-01', to: '2026-03-01' },
      { from: '2026-03-01', to: '2026-03-01' },
    ],
    // 366 days.
    [
      { from: '2025-03-01', to: '2026-03-01' },
      { from: '2025-03-01', to: '2026-03-01' },
    ],
  ])('does not come for the period %j', async (input, period) => {
    const { router, calls } = callerOver({ authenticate: administrator, overview: 'no output' })
    await expect(router.overview(input)).rejects.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' })
    expect(calls.at(-1)?.[0]).toBe('overview')
    expect(calls.at(-1)).toContainEqual(period)
  })

  it('of an output is not audited as an input', async () => {
    const { router, calls } = callerOver({ authenticate: administrator, settings: 'no list' })
    await expect(router.settings()).rejects.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' })
    expect(calls.map(([verb]) => verb)).toEqual(['authenticate', 'settings'])
  })

  it('by a verb is audited by the verb alone', async () => {
    const refusal = new Failure('invalid_input')
    const { router, calls } = callerOver({ authenticate: administrator, removePerson: refusal })
    const removal = router.people.remove({ userId: 'u', confirm: 'x' })
    await expect(removal).rejects.toMatchObject({ cause: refusal })
    expect(calls.map(([verb]) => verb)).toEqual(['authenticate', 'removePerson'])
  })

  it('of a call with both a cookie and an access token goes by the cookie', async () => {
    const answers = { authenticate: administrator, settings: [setting] }
    const { router, calls } = callerOver(answers, { accessToken: 'access' })
    await router.settings()
    expect(calls[0]).toEqual(['authenticate', 'cookie'])
  })
})
