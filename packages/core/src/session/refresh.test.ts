import { describe, expect, it } from 'vitest'
import type { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { refresh } from './refresh.ts'
import type { SessionRecord } from './session.ts'

const minute = 60_000
const origin = { address: '192.0.2.1', device: null }

/** The rule alone: a session in a variable, tokens that spell out what they stand for. */
function setUp() {
  let now = 0
  let session: SessionRecord | null = {
    id: 's',
    userId: 'u',
    appId: 'wx1',
    device: null,
    createdAt: 0,
    lastSeenAt: 0,
    expiresAt: 30 * minute,
    counter: 0,
    rotatedAt: 0,
  }
  const recorded: unknown[] = []
  const ports = {
    audit: { record: (event: unknown) => recorded.push(event) },
    now: () => now,
    policy: { refreshTokenTtl: 30 * minute },
    tokens: {
      signAccess: async () => ({ token: 'access', expiresAt: now + minute }),
      refreshToken: (id: string, counter: number) => `${id}.${counter}`,
      readRefreshToken: (token: string) => {
        const [sessionId = '', counter] = token.split('.')
        return sessionId === 's' ? { sessionId, counter: Number(counter) } : null
      },
    },
    sessions: {
      findRecord: async () => (session ? { session, disabledAt: null } : null),
      advance: async (step: { from: number; now: number; expiresAt: number }) => {
        if (session?.counter !== step.from) return false
        const { expiresAt } = step
        session = { ...session, counter: step.from + 1, rotatedAt: step.now, expiresAt }
        return true
      },
      end: async () => {
        session = null
        return true
      },
    },
  } as unknown as Ports
  return {
    refresh: async (token: string) => (await refresh(ports, token, origin)).refreshToken,
    reason: (token: string) =>
      refresh(ports, token, origin).then(
        () => 'none',
        (error: Failure) => error.reason,
      ),
    wait: (ms: number) => {
      now += ms
    },
    alive: () => session !== null,
    recorded,
  }
}

describe('refresh', () => {
  it('a token is traded for its successor', async () => {
    const t = setUp()
    expect(await t.refresh('s.0')).toBe('s.1')
    expect(await t.refresh('s.1')).toBe('s.2')
  })

  it('a reply that was lost can be asked for again as long as its token is unused', async () => {
    const t = setUp()
    await t.refresh('s.0')
    t.wait(29 * minute)
    expect(await t.refresh('s.0')).toBe('s.1')
  })

  it('parallel refreshes get one and the same successor', async () => {
    const t = setUp()
    const answers = await Promise.all(Array.from({ length: 64 }, () => t.refresh('s.0')))
    expect(new Set(answers)).toEqual(new Set(['s.1']))
  })

  it('a parent whose successor was used is good for 60 s more, then it ends the session', async () => {
    const t = setUp()
    await t.refresh('s.0')
    await t.refresh('s.1')
    t.wait(minute)
    expect(await t.refresh('s.0')).toBe('s.1')
    t.wait(1)
    expect(await t.reason('s.0')).toBe('unauthenticated')
    expect(t.alive()).toBe(false)
    expect(await t.reason('s.2')).toBe('unauthenticated')
  })

  it('a grandparent ends the session at once', async () => {
    const t = setUp()
    await t.refresh('s.0')
    await t.refresh('s.1')
    await t.refresh('s.2')
    expect(t.recorded).toEqual([])
    expect(await t.reason('s.0')).toBe('unauthenticated')
    expect(t.alive()).toBe(false)
    expect(t.recorded).toMatchObject([{ action: 'refresh_reuse', userId: 'u', origin }])
  })

  it('a counter that was never handed out is refused and ends nothing', async () => {
    const t = setUp()
    expect(await t.reason('s.5')).toBe('unauthenticated')
    expect(t.alive()).toBe(true)
  })

  it('a session past its time is over, and each refresh moves that time', async () => {
    const t = setUp()
    t.wait(20 * minute)
    await t.refresh('s.0')
    t.wait(20 * minute)
    expect(await t.refresh('s.1')).toBe('s.2')
    t.wait(30 * minute)
    expect(await t.reason('s.2')).toBe('unauthenticated')
  })
})
