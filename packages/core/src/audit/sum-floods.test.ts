import { describe, expect, it } from 'vitest'
import type { AuditEvent } from './audit-log.ts'
import { sumFloods } from './sum-floods.ts'

const minute = 60_000
const now = 1_800_000_000_000
const network = '203.0.113.7'

const refused: AuditEvent = {
  at: now,
  action: 'sign_in',
  outcome: 'code_rejected',
  userId: null,
  appId: 'wx1',
  origin: { address: network, device: 'Phone' },
}
const own: AuditEvent = { ...refused, action: 'profile_change', outcome: 'ok', userId: 'ming' }

function start() {
  const lines: AuditEvent[] = []
  const tallied: AuditEvent[] = []
  const log = sumFloods(
    {
      record: (event) => void lines.push(event),
      tally: (event) => void tallied.push(event),
      write: async (event) => void lines.push(event),
    },
    { appIds: ['wx1', 'wx2'] },
  )
  const record = (times: number, change: (index: number) => Partial<AuditEvent> = () => ({})) => {
    for (let index = 0; index < times; index++) log.record({ ...refused, ...change(index) })
  }
  /** How many calls the lines stand for. */
  const calls = () => lines.reduce((sum, { count = 1 }) => sum + count, 0)
  return { ...log, lines, tallied, calls, record }
}

const from = (address: string): Partial<AuditEvent> => ({ origin: { address, device: null } })

describe('refused calls of one network in one minute', () => {
  it('have a line at once for the first, and one with the number of the others when the minute ends', () => {
    const { record, lines, tallied, writeSums } = start()
    record(1_000, (index) => ({ at: now + index }))
    expect(lines).toEqual([refused])
    expect(tallied).toHaveLength(999)
    writeSums(now + minute)
    expect(lines.slice(1)).toEqual([
      { ...refused, at: now + 999, origin: { address: network, device: null }, count: 999 },
    ])
    writeSums(now + 2 * minute)
    expect(lines).toHaveLength(2)
  })

  it('have lines of their own for each action, outcome, target, app and network', () => {
    const { record, lines, writeSums } = start()
    const kinds: Partial<AuditEvent>[] = [
      {},
      { action: 'bind' },
      { outcome: 'rate_limited' },
      { action: 'bind', userId: 'ming' },
      { appId: 'wx2' },
      from('203.0.113.8'),
    ]
    for (const kind of kinds) record(3, () => kind)
    expect(lines).toHaveLength(kinds.length)
    writeSums(now + minute)
    expect(lines.slice(kinds.length).map(({ count }) => count)).toEqual(kinds.map(() => 2))
  })

  it('are summed when the next call comes in another minute, also of a clock that was set back', () => {
    for (const later of [minute, -minute]) {
      const { record, lines } = start()
      record(2)
      record(1, () => ({ at: now + later, action: 'bind' }))
      expect(lines.map(({ action, count }) => [action, count])).toEqual([
        ['sign_in', undefined],
        ['sign_in', 1],
        ['bind', undefined],
      ])
    }
  })

  it.each<[string, (index: number) => Partial<AuditEvent>]>([
    ['targets', (index) => ({ action: 'bind', userId: `user ${index}` })],
    ['devices', (index) => ({ origin: { address: network, device: `device ${index}` } })],
    ['made-up apps', (index) => ({ appId: `wx made up ${index}` })],
    [
      'everything',
      (index) => ({ action: index % 2 ? 'bind' : 'register', userId: `${index % 999}` }),
    ],
  ])('are few lines, however many %s there are', (_, change) => {
    const { record, lines, calls, writeSums, tallied } = start()
    record(5_000, change)
    expect(lines.length).toBeLessThanOrEqual(60)
    writeSums(now + minute)
    expect(lines.length).toBeLessThanOrEqual(121)
    expect(calls()).toBe(5_000)
    expect(tallied.length + lines.filter(({ count }) => count === undefined).length).toBe(5_000)
  })

  it('have one line for all made-up apps, which the caller invents', () => {
    const { record, lines, writeSums } = start()
    record(20, (index) => ({ appId: `wx made up ${index}` }))
    expect(lines).toMatchObject([{ appId: 'wx made up 0' }])
    writeSums(now + minute)
    expect(lines.slice(1)).toMatchObject([{ appId: null, count: 19 }])
  })

  it('are ten new lines a minute after the first sixty', () => {
    const { record, lines } = start()
    const perMinute = [0, 1, 2, 3].map((index) => {
      const before = lines.filter(({ count }) => count === undefined).length
      const at = now + index * minute
      record(200, (call) => ({ at, action: 'bind', userId: `${index} ${call}` }))
      return lines.filter(({ count }) => count === undefined).length - before
    })
    expect(perMinute).toEqual([60, 10, 10, 10])
  })

  it('leave the lines of other networks alone', () => {
    const { record, lines, writeSums } = start()
    record(5_000, (index) => ({ action: 'bind', userId: `${index}` }))
    const { length } = lines
    record(1, () => from('203.0.113.8'))
    expect(lines.slice(length)).toMatchObject([{ origin: { address: '203.0.113.8' } }])
    writeSums(now + minute)
    expect(lines.filter(({ action }) => action === 'refused_calls')).toMatchObject([
      { origin: { address: network }, userId: null, appId: null, outcome: 'rate_limited' },
    ])
  })

  it('are few lines also from very many networks, and no call is lost', () => {
    const { record, lines, calls, writeSums } = start()
    record(10_000, (index) => from(`2001:db8:${index.toString(16)}::/64`))
    expect(lines).toHaveLength(2_000)
    writeSums(now + minute)
    expect(lines).toHaveLength(2_001)
    expect(lines.at(-1)).toMatchObject({ action: 'refused_calls', origin: null, count: 8_000 })
    expect(calls()).toBe(10_000)
  })
})

describe('the lines of a signed-in user', () => {
  it('are each their own up to sixty, and one with a number after that', () => {
    const { record, lines, calls, writeSums } = start()
    record(500, () => own)
    expect(lines).toHaveLength(60)
    record(3, () => ({ ...own, userId: 'hong' }))
    expect(lines).toHaveLength(63)
    writeSums(now + minute)
    expect(lines.at(-1)).toMatchObject({ action: 'profile_change', userId: 'ming', count: 440 })
    expect(calls()).toBe(503)
  })

  it.each([
    'sign_in',
    'sign_up',
    'bind',
    'register',
    'unbind',
    'unionid_change',
    'identity_link',
    'sign_out',
    'session_revoke',
    'password_change',
    'phone_change',
    'phone_moved',
    'user_absorbed',
    'account_delete',
  ] as const)('are each their own after any number of others where they say %s', (action) => {
    const { record, lines, writeSums } = start()
    record(62, () => own)
    const { length } = lines
    const devices = ['thief phone', 'honest phone']
    record(2, (index) => ({
      ...own,
      action,
      origin: { address: network, device: devices[index] ?? '' },
    }))
    writeSums(now + minute)
    expect(lines.slice(length)).toMatchObject([
      ...devices.map((device) => ({ action, origin: { device } })),
      { action: 'profile_change', count: 2 },
    ])
  })

  it('are as many after the clock was set back', () => {
    const { record, lines } = start()
    record(60, () => own)
    const linesAt = (at: number): number => {
      const { length } = lines
      record(200, () => ({ ...own, at }))
      return lines.slice(length).filter(({ count }) => count === undefined).length
    }
    const earlier = now - 60 * minute
    expect([linesAt(earlier), linesAt(earlier + minute)]).toEqual([0, 10])
  })

  it('are summed by app and address', () => {
    const { record, lines, writeSums } = start()
    record(60, () => own)
    const { length } = lines
    record(8, (index) => ({
      ...own,
      appId: index % 2 ? 'wx1' : 'wx2',
      ...from(index < 4 ? network : '203.0.113.8'),
    }))
    writeSums(now + minute)
    expect(
      lines.slice(length).map(({ appId, origin, count }) => [appId, origin?.address, count]),
    ).toEqual([
      ['wx2', network, 2],
      ['wx1', network, 2],
      ['wx2', '203.0.113.8', 2],
      ['wx1', '203.0.113.8', 2],
    ])
  })

  it.each([
    'sign_in',
    'bind',
    'register',
    'refresh',
    'refresh_reuse',
    'admin.operator.signIn',
  ] as const)('are not pushed out by refused calls that are aimed at the user: %s', (action) => {
    const { record, lines } = start()
    record(5_000, (index) => ({ action, userId: 'ming', ...from(`10.0.${index % 90}.1`) }))
    const { length } = lines
    record(1, () => own)
    expect(lines.slice(length)).toHaveLength(1)
  })
})

it('the lines of administrators, of commands and those that are waited for are never summed', async () => {
  const { record, lines, write } = start()
  record(300, () => ({ action: 'admin.people.view', outcome: 'ok', adminId: 'root' }))
  record(300, () => ({ action: 'command.create', outcome: 'ok', origin: null }))
  for (let index = 0; index < 300; index++) await write(refused)
  expect(lines).toHaveLength(900)
})

it('a refused attempt of an administrator to sign in is summed like that of anyone else', () => {
  const { record, lines } = start()
  record(100, () => ({ action: 'admin.operator.signIn', userId: 'root' }))
  expect(lines).toHaveLength(1)
})

it('all sums are written at the end', () => {
  const { record, lines, close } = start()
  record(7)
  close()
  expect(lines.map(({ count }) => count)).toEqual([undefined, 6])
})
