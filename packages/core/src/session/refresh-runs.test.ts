import { describe, expect, it } from 'vitest'
import { createTestService, openTestSession, reasonOf, testOrigin } from '../../testing/index.ts'

const minute = 60_000

describe('refreshes in a run of repeats', () => {
  /** A session whose newest generation is 2 and whose generation 0 was repeated. */
  async function startRun() {
    const started = await openTestSession()
    await started.next(0)
    expect(await started.next(0)).toBe(started.token(1))
    expect(await started.next(1)).toBe(started.token(2))
    return started
  }

  it('get a variant each, and the client goes on with the one whose reply it got', async () => {
    const { next, token } = await startRun()
    expect(await next(1)).toBe(token(2, 1))
    expect(await next(1)).toBe(token(2, 2))
    expect(await next(2, 1)).toBe(token(3))
    expect(await next(2, 1)).toBe(token(3, 1))
    expect(await next(3, 1)).toBe(token(4))
  })

  it('end the session when other variants are presented too, and the reuse is recorded', async () => {
    const { service, next, refresh, token, isAlive } = await startRun()
    await next(1)
    service.clock.advance(15 * minute)
    await next(2)
    expect(await next(2, 1)).toBe(token(3, 1))
    service.clock.advance(15 * minute)
    await next(3)
    expect(await reasonOf(refresh(3, 1))).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
    expect(service.events.at(-1)).toMatchObject({ action: 'refresh_reuse' })
  })

  it('forgive a second variant each time it is presented, and another one three generations later', async () => {
    const { next, refresh, token, isAlive } = await startRun()
    await next(1)
    await next(2)
    expect(await next(2, 1)).toBe(token(3, 1))
    expect(await next(2, 1)).toBe(token(3, 2))
    await next(3)
    await next(4)
    expect(await next(4)).toBe(token(5, 1))
    await next(5)
    // A variant of generation 2 was forgiven while 3 was the newest, and now 6 is.
    expect(await next(5, 1)).toBe(token(6, 1))
    await next(6)
    expect(await reasonOf(refresh(6, 1))).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
  })

  it('forgive no second variant within two generations of another one', async () => {
    const { next, refresh, isAlive } = await startRun()
    await next(1)
    await next(2)
    await next(2, 1)
    await next(3)
    await next(3)
    await next(4)
    expect(await isAlive()).toBe(true)
    expect(await reasonOf(refresh(4, 1))).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
  })

  it('are over when no generation was repeated for two generations', async () => {
    const { next, token } = await startRun()
    for (const counter of [2, 3]) await next(counter)
    // Generation 0 was repeated while 1 was the newest, and now 4 is.
    expect(await next(3)).toBe(token(4))
    expect(await next(4)).toBe(token(5))
    expect(await next(4)).toBe(token(5, 1))
  })

  it('answer one late request with a variant of the newest generation, and refuse more of them', async () => {
    const { next, refresh, token, isAlive } = await startRun()
    expect(await next(0)).toBe(token(2, 1))
    expect(await next(0)).toBe(token(2, 2))
    expect(await next(2, 1)).toBe(token(3))
    expect(await reasonOf(refresh(1))).toBe('unauthenticated')
    expect(await isAlive()).toBe(true)
    expect(await next(3)).toBe(token(4))
  })

  it('end the session for a late request with another variant than the exchanged one', async () => {
    const { next, refresh, isAlive } = await startRun()
    await next(1)
    await next(2)
    await next(3)
    expect(await reasonOf(refresh(2, 1))).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
  })

  it('refuse a variant that was never issued, and end nothing', async () => {
    const { refresh, isAlive } = await startRun()
    expect(await reasonOf(refresh(2, 1))).toBe('unauthenticated')
    expect(await isAlive()).toBe(true)
  })

  /** Calls with the newest token, whose pauses the test ends one by one. */
  async function startPaused() {
    const { service, token } = await startRun()
    const pauses: (() => void)[] = []
    const pause = (ms: number) => {
      expect(ms).toBe(250)
      return new Promise<void>((resolve) => void pauses.push(resolve))
    }
    const { users } = createTestService({ ports: { ...service.ports, pause } })
    const present = () => users.refresh({ refreshToken: token(2), origin: testOrigin })
    const first = present()
    const endPause = async (number: number) => {
      await expect.poll(() => pauses.length).toBe(number)
      pauses[number - 1]?.()
    }
    return { token, present, first, endPause, pauses }
  }

  it('are one refresh where they overlap the first exchange of their token', async () => {
    const { token, present, first, endPause, pauses } = await startPaused()
    await expect.poll(() => pauses.length).toBe(1)
    const parallel = Array.from({ length: 63 }, present)
    await endPause(1)
    await endPause(2)
    const answers = await Promise.all([first, ...parallel])
    expect(new Set(answers.map(({ refreshToken }) => refreshToken))).toEqual(new Set([token(3)]))
    expect(pauses).toHaveLength(2)
    expect((await present()).refreshToken).toBe(token(3, 1))
  })

  it('wait for each other for a second at most', async () => {
    const { token, present, first, endPause, pauses } = await startPaused()
    const parallel: Promise<unknown>[] = []
    for (let number = 1; number <= 4; number++) {
      await expect.poll(() => pauses.length).toBe(number)
      parallel.push(present())
      await endPause(number)
    }
    expect((await first).refreshToken).toBe(token(3))
    await Promise.all(parallel)
    expect(pauses).toHaveLength(4)
  })

  it('do not wait outside of a run, and do not share a repeat', async () => {
    const { service, token } = await openTestSession()
    const pause = () => Promise.reject(new Error('waited'))
    const { users } = createTestService({ ports: { ...service.ports, pause } })
    const present = (refreshToken: string) => users.refresh({ refreshToken, origin: testOrigin })
    await present(token(0))
    await present(token(0))
    const run = await startRun()
    const repeats = await Promise.all([run.next(1), run.next(1), run.next(1)])
    expect(repeats).toEqual([run.token(2, 1), run.token(2, 2), run.token(2, 3)])
  })
})
