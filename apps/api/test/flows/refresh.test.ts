import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { sessions, users } from '../../src/store/sqlite/schema.ts'
import { createOpaqueTokens } from '../../src/tokens/opaque-tokens.ts'
import { createRootKey } from '../../src/tokens/root-key.ts'
import { reasonOf, register, startService } from '../harness.ts'

const minute = 60_000

async function start() {
  const secretKey = randomBytes(32)
  const service = await startService({ SECRET_KEY: secretKey.toString('base64') })
  const { tokens, user } = await register(service, 'ming', 'ming')
  const sid = String(decodeJwt(tokens.accessToken)['sid'])
  const refresh = (refreshToken: string) =>
    service.client().session.refresh.mutate({ refreshToken })
  const next = async (refreshToken: string) => (await refresh(refreshToken)).refreshToken
  const orm = () => service.database().orm
  const row = () => orm().select().from(sessions).where(eq(sessions.id, sid)).get()
  return { service, tokens, user, sid, secretKey, refresh, next, orm, row }
}

describe('a refresh token', () => {
  it('cannot be made of SECRET_KEY and the sid of an access token', async () => {
    const { service, tokens, sid, secretKey, refresh } = await start()
    const forger = createOpaqueTokens(createRootKey(secretKey))
    for (const secret of [null, '', forger.newSecret()])
      for (const counter of [0, 1]) {
        const forged = forger.refreshToken({ sessionId: sid, counter, variant: 0, secret })
        expect(await reasonOf(refresh(forged))).toBe('unauthenticated')
      }
    await service.client(tokens.accessToken).me.query()
    await refresh(tokens.refreshToken)
  })

  it('of an earlier version is accepted until it was exchanged, and its successors have the random value', async () => {
    const { service, sid, secretKey, next, refresh, orm, row } = await start()
    const earlier = createOpaqueTokens(createRootKey(secretKey))
    const parts = { sessionId: sid, counter: 7, variant: 0, secret: null }
    orm().update(sessions).set({ counter: 7, secret: null }).where(eq(sessions.id, sid)).run()
    await service.restart()
    const first = await next(earlier.refreshToken(parts))
    expect(await next(earlier.refreshToken(parts))).toBe(first)
    expect(row()).toMatchObject({ counter: 8, secretSince: 8 })
    expect(row()?.secret).toMatch(/^[\w-]{22}$/)
    const forged = earlier.refreshToken({ ...parts, counter: 8 })
    expect(await reasonOf(refresh(forged))).toBe('unauthenticated')
    await next(first)
  })

  it('of a user who was disabled in the meantime is refused', async () => {
    const { tokens, user, refresh, orm } = await start()
    // Disabling ends the sessions too, so the row is disabled alone.
    orm().update(users).set({ disabledAt: 1 }).where(eq(users.id, user.id)).run()
    expect(await reasonOf(refresh(tokens.refreshToken))).toBe('user_disabled')
    const forged = `${tokens.refreshToken.slice(0, -1)}${tokens.refreshToken.endsWith('A') ? 'Q' : 'A'}`
    expect(await reasonOf(refresh(forged))).toBe('unauthenticated')
  })
})

describe('a thief who presents each token that its owner presents', () => {
  it.each([
    ['at once', 0, 0],
    ['after minutes', 5 * minute, 10 * minute],
    ['at once, while the owner refreshes every 15 minutes', 0, 15 * minute],
  ])('is noticed by its fourth use, %s', async (_when, thiefDelay, ownerDelay) => {
    const { service, tokens, refresh } = await start()
    const holders = { owner: tokens.refreshToken, thief: tokens.refreshToken }
    let uses = 0
    let refused: string | null = null
    while (refused === null) {
      service.passTime(ownerDelay)
      for (const holder of ['owner', 'thief'] as const) {
        if (holder === 'thief') service.passTime(thiefDelay)
        try {
          if (holder === 'thief') uses += 1
          holders[holder] = (await refresh(holders[holder])).refreshToken
        } catch {
          refused = holder
          break
        }
      }
    }
    expect(refused).toBe('thief')
    expect(uses).toBe(4)
    expect(await reasonOf(refresh(holders.owner))).toBe('unauthenticated')
    const lines = service.database().sqlite.prepare('select action from audit_events').pluck()
    expect(lines.all()).toContain('refresh_reuse')
  })
})

describe('64 refreshes at once, ten times', () => {
  it('get one successor each time, which the next 64 use', async () => {
    const { service, tokens, next } = await start()
    let { refreshToken } = tokens
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(Array.from({ length: 64 }, () => next(refreshToken)))
      expect(new Set(answers).size, `round ${round}`).toBe(1)
      refreshToken = answers[0] ?? ''
    }
    expect(service.database().orm.select().from(sessions).all()).toMatchObject([{ counter: 10 }])
  })
})
