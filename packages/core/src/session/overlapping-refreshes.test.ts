import { describe, expect, it } from 'vitest'
import {
  createTestService,
  openTestSession,
  reasonOf,
  type TestSession,
  testOrigin,
} from '../../testing/index.ts'

/** A node on the database of the session. Its calls read at once, and are decided when the test says so. */
function startNode({ service, token, id }: TestSession) {
  const { sessions } = service.ports
  const gates: (() => void)[] = []
  const findRecord = async (sessionId: string) => {
    const found = await sessions.findRecord(sessionId)
    await new Promise<void>((resolve) => void gates.push(resolve))
    return found
  }
  const ports = { ...service.ports, sessions: { ...sessions, findRecord } }
  const { users } = createTestService({ ports })
  /** Resolves when the call has read the session. */
  const read = async (counter: number, variant = 0) => {
    const refreshToken = token(counter, variant)
    const reply = users.refresh({ refreshToken, origin: testOrigin })
    reply.catch(() => {})
    const before = gates.length
    await expect.poll(() => gates.length).toBe(before + 1)
    return async () => {
      gates[before]?.()
      return (await reply).refreshToken
    }
  }
  return { read, record: () => service.store.state.sessions.get(id) }
}

/** A session whose newest generation is 2 and whose generation 0 was repeated. */
async function startRun() {
  const session = await openTestSession()
  await session.next(0)
  await session.next(0)
  await session.next(1)
  return { ...session, ...startNode(session) }
}

describe('a refresh that read the session before another one exchanged its token', () => {
  it('gets the same successor, in a run and outside of one, and is no repeat', async () => {
    const outside = await openTestSession()
    const node = startNode(outside)
    const decide = [await node.read(0), await node.read(0)]
    expect(await outside.next(0)).toBe(outside.token(1))
    for (const each of decide) expect(await each()).toBe(outside.token(1))
    expect(node.record()).toMatchObject({ counter: 1, variants: 1, repeatedIn: null })
    const { read, next, token, record } = await startRun()
    const late = [await read(2), await read(2)]
    expect(await next(2)).toBe(token(3))
    for (const each of late) expect(await each()).toBe(token(3))
    expect(record()).toMatchObject({ counter: 3, variants: 1, repeatedIn: 1 })
  })

  it('gets the first variant where a repeat got another one in between', async () => {
    const { read, next, token } = await startRun()
    const decide = await read(2)
    await next(2)
    expect(await next(2)).toBe(token(3, 1))
    expect(await decide()).toBe(token(3))
    expect(await next(2)).toBe(token(3, 2))
  })

  it('is a repeat where it read the session after the exchange', async () => {
    const { read, next, token, record } = await startRun()
    await next(2)
    const decide = await read(2)
    expect(await decide()).toBe(token(3, 1))
    expect(record()).toMatchObject({ variants: 2, repeatedIn: 3 })
  })

  it('is forgiven once where it presents another variant, and then proves two holders', async () => {
    const { service, read, next, token, isAlive } = await startRun()
    await next(2)
    await next(2)
    const first = await read(3, 1)
    await next(3)
    expect(await first()).toBe(token(4, 1))
    await next(4)
    await next(4)
    const second = await read(5, 1)
    await next(5)
    expect(await reasonOf(second())).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
    expect(service.events.at(-1)).toMatchObject({ action: 'refresh_reuse' })
  })

  it('is a late request where its successor was exchanged too', async () => {
    const { service, read, next, token, isAlive } = await startRun()
    const decide = [await read(2), await read(2), await read(2)]
    await next(2)
    await next(3)
    expect(await decide[0]?.()).toBe(token(3))
    service.clock.advance(60_000)
    expect(await decide[1]?.()).toBe(token(3))
    service.clock.advance(1)
    expect(await reasonOf(decide[2]?.() ?? Promise.resolve())).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
  })

  it('is refused where the session has ended since', async () => {
    const { service, id, signedIn, read, next } = await startRun()
    const decide = await read(2)
    await next(2)
    await service.store.sessions.end({ id, userId: signedIn.user.id })
    expect(await reasonOf(decide())).toBe('unauthenticated')
  })
})

describe('parallel refreshes on two nodes', () => {
  it('have one successor in a run of repeats, because each node reads before the first one decides', async () => {
    const session = await startRun()
    const { token, service } = session
    const pauses: (() => void)[] = []
    const startPaused = () =>
      createTestService({
        ports: {
          ...service.ports,
          pause: () => new Promise<void>((resolve) => void pauses.push(resolve)),
        },
      }).users
    const nodes = [startPaused(), startPaused()]
    const calls = nodes.flatMap((users) =>
      Array.from({ length: 32 }, () =>
        users.refresh({ refreshToken: token(2), origin: testOrigin }),
      ),
    )
    await expect.poll(() => pauses.length).toBe(2)
    expect(session.record()).toMatchObject({ counter: 2 })
    for (const node of [0, 1]) {
      pauses[node]?.()
      // The second pause of a node, because calls came during the first one.
      await expect.poll(() => pauses.length).toBe(3 + node)
      pauses[2 + node]?.()
    }
    const answers = (await Promise.all(calls)).map(({ refreshToken }) => refreshToken)
    expect(new Set(answers)).toEqual(new Set([token(3)]))
    expect(session.record()).toMatchObject({ counter: 3, variants: 1, repeatedIn: 1 })
  })
})
