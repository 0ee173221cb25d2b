import { describe, expect, it } from 'vitest'
import { createTestService, reasonOf, testOrigin } from '../../testing/index.ts'
import { Failure } from '../failure.ts'
import { audited } from './audited.ts'

const call = { action: 'bind', origin: testOrigin } as const

describe('audited', () => {
  it('records a successful call, with what its result names', async () => {
    const { ports, events, clock } = createTestService()
    const about = (userId: string) => ({ userId, appId: 'wx1', newUser: true })
    const named = { ...call, adminId: 'administrator' }
    expect(await audited(ports, named, async () => 'ming', about)).toBe('ming')
    expect(events).toEqual([
      {
        at: clock.now(),
        action: 'bind',
        outcome: 'ok',
        userId: 'ming',
        adminId: 'administrator',
        appId: 'wx1',
        origin: testOrigin,
        newUser: true,
      },
    ])
  })

  it('records what was known before the call where the result names nothing', async () => {
    const { ports, events } = createTestService()
    await audited(ports, { ...call, userId: 'ming', appId: 'wx1' }, async () => undefined)
    expect(events).toMatchObject([{ userId: 'ming', adminId: null, appId: 'wx1' }])
  })

  it('records the outcome and the administrator that the result names', async () => {
    const { ports, events } = createTestService()
    const about = () => ({ outcome: 'unbound', adminId: 'administrator' }) as const
    await audited(ports, call, async () => undefined, about)
    expect(events).toMatchObject([{ outcome: 'unbound', adminId: 'administrator' }])
  })

  it('records the reason of a refusal and passes it on', async () => {
    const { ports, events } = createTestService()
    const refused = audited(ports, { ...call, userId: 'ming' }, () =>
      Promise.reject(new Failure('account_taken')),
    )
    expect(await reasonOf(refused)).toBe('account_taken')
    expect(events).toMatchObject([{ outcome: 'account_taken', userId: 'ming', newUser: false }])
  })

  it('records any other error as internal and passes it on', async () => {
    const { ports, events } = createTestService()
    const error = new Error('out of memory')
    await expect(audited(ports, call, () => Promise.reject(error))).rejects.toBe(error)
    expect(events).toMatchObject([{ outcome: 'internal', userId: null, appId: null }])
  })

  it('records the time at which the call ended', async () => {
    const { ports, events, clock } = createTestService()
    await audited(ports, call, async () => clock.advance(1_000))
    expect(events).toMatchObject([{ at: clock.now() }])
  })
})
