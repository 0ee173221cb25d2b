import { expect, it } from 'vitest'
import { countStatus, hour, many, now, race, registerUser } from '../drafts.ts'
import type { MakeStores } from '../stores.ts'

export function refreshConforms(make: MakeStores): void {
  /** A session, and the exchange of one of its tokens at `now + 1`. */
  async function start() {
    const stores = await make()
    const { session, user } = await registerUser(stores)
    const times = { now: now + 1, expiresAt: now + 2 * hour }
    const refresh = (
      counter: number,
      variant = 0,
      change: Partial<Parameters<typeof stores.sessions.refresh>[0]> = {},
    ) =>
      stores.sessions.refresh({
        sessionId: session.id,
        presented: { counter, variant, wasNewest: false },
        secret: 'unused',
        ...times,
        ...change,
      })
    const read = () => stores.sessions.findRecord(session.id)
    return { stores, session, user, refresh, read }
  }

  it('of calls that race with one token one rotates, and the others repeat', async () => {
    const { stores, session, user, refresh, read } = await start()
    const other = await registerUser(stores)
    const results = await race(many, () => refresh(0))
    expect(countStatus(results, 'rotated')).toBe(1)
    expect(countStatus(results, 'repeated')).toBe(many - 1)
    for (const result of results)
      expect(result).toMatchObject({ issued: { counter: 1, variant: 0 } })
    expect(await read()).toEqual({
      ...{ ...session, userId: user.id, lastSeenAt: now + 1, expiresAt: now + 2 * hour },
      ...{ counter: 1, rotatedAt: now + 1, variants: 1, parentVariant: 0 },
      ...{ grandparentVariant: 0, repeatedIn: 1, forgivenIn: null },
      secretSince: 0,
    })
    expect((await stores.sessions.findRecord(other.session.id))?.counter).toBe(0)
  })

  it('of repeats in a run that race each gets a variant of its own', async () => {
    const { refresh, read } = await start()
    await refresh(0)
    await refresh(0)
    await refresh(1)
    const results = await race(many, () => refresh(1))
    const variants = results.map((result) => ('issued' in result ? result.issued.variant : null))
    expect(new Set(variants)).toEqual(
      new Set(Array.from({ length: many }, (_, index) => index + 1)),
    )
    expect(await read()).toMatchObject({ counter: 2, variants: many + 1, repeatedIn: 2 })
  })

  it('of calls that read the newest token and race one rotates, and the others change nothing', async () => {
    const { refresh, read } = await start()
    await refresh(0)
    await refresh(0)
    const presented = { counter: 1, variant: 0, wasNewest: true }
    const results = await race(many, () => refresh(1, 0, { presented }))
    expect(countStatus(results, 'rotated')).toBe(1)
    expect(countStatus(results, 'overlapping')).toBe(many - 1)
    const session = await read()
    for (const result of results)
      expect(result).toMatchObject({ issued: { counter: 2, variant: 0 }, session })
    expect(session).toMatchObject({ counter: 2, variants: 1, repeatedIn: 1 })
    const later = { now: now + 9, expiresAt: now + 9 * hour, presented }
    expect(await refresh(1, 0, later)).toMatchObject({ status: 'overlapping', session })
    expect(await read()).toEqual(session)
    expect(await refresh(1)).toMatchObject({ issued: { counter: 2, variant: 1 } })
  })

  it('of two variants that race one rotates, and the other is forgiven once', async () => {
    const { refresh, read } = await start()
    await refresh(0)
    await refresh(0)
    await refresh(1)
    await refresh(1)
    const [one, other] = await Promise.all([refresh(2, 0), refresh(2, 1)])
    expect([one.status, other.status].sort()).toEqual(['repeated', 'rotated'])
    const parentVariant = one.status === 'rotated' ? 0 : 1
    expect(await read()).toMatchObject({
      counter: 3,
      variants: 2,
      parentVariant,
      forgivenIn: 3,
    })
    await refresh(3, parentVariant)
    expect(await refresh(3, 1 - parentVariant)).toEqual({ status: 'reused' })
    expect(await read()).toBeNull()
  })

  it('of a call that came up to 60 s before the newest token was issued answers like one that came as much after it', async () => {
    const { refresh, read } = await start()
    const rotatedAt = now + 60_001
    await refresh(0)
    await refresh(1, 0, { now: rotatedAt })
    for (const age of [-60_000, -1, 60_000])
      expect(await refresh(0, 0, { now: rotatedAt + age })).toMatchObject({
        status: 'repeated',
        issued: { counter: 1, variant: 0 },
      })
    expect(await refresh(0, 0, { now: rotatedAt - 60_001 })).toEqual({ status: 'reused' })
    expect(await read()).toBeNull()
  })

  it('keeps what a repeat returns, and moves neither the end of the session nor its last use', async () => {
    const { refresh, read } = await start()
    await refresh(0)
    const before = await read()
    const result = await refresh(0, 0, { now: now + 9, expiresAt: now + 9 * hour })
    expect(result).toEqual({
      status: 'repeated',
      issued: { counter: 1, variant: 0 },
      session: await read(),
    })
    expect(await read()).toEqual({ ...before, repeatedIn: 1 })
  })

  it('of an ancestor ends the session, and of calls that race one says so', async () => {
    const { stores, session, refresh, read } = await start()
    const other = await registerUser(stores)
    for (const counter of [0, 1, 2]) await refresh(counter)
    const results = await race(many, () => refresh(0))
    expect(countStatus(results, 'reused')).toBe(1)
    expect(countStatus(results, 'not_found')).toBe(many - 1)
    expect(await read()).toBeNull()
    expect(await stores.sessions.find(session.id)).toBeNull()
    expect(await stores.sessions.find(other.session.id)).not.toBeNull()
  })

  it('changes nothing for a token that was never issued, or a session that expired or is unknown', async () => {
    const { session, refresh, read } = await start()
    const before = await read()
    const refused = [
      refresh(1),
      refresh(0, 1),
      refresh(0, 0, { sessionId: 'unknown' }),
      refresh(0, 0, { now: session.expiresAt }),
    ]
    for (const result of await Promise.all(refused)) expect(result).toEqual({ status: 'not_found' })
    expect(await read()).toEqual(before)
    expect(await refresh(0, 0, { now: session.expiresAt - 1 })).toMatchObject({ status: 'rotated' })
  })

  it('gives a secret to a session without one only', async () => {
    const { session, refresh, read } = await start()
    await refresh(0)
    expect(await read()).toMatchObject({ secret: session.secret, secretSince: 0 })
  })

  it('of an ended session changes nothing, whichever comes first', async () => {
    const { stores, session, user, refresh, read } = await start()
    const [ended] = await Promise.all([
      stores.sessions.end({ id: session.id, userId: user.id }),
      refresh(0),
    ])
    expect(ended).toBe(true)
    expect(await read()).toBeNull()
    expect(await refresh(0)).toEqual({ status: 'not_found' })
  })
}
