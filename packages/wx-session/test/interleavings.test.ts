import { expect, it } from 'vitest'
import { type Bench, bench, type Kind, settle, World } from './world.ts'

/** mulberry32: a small generator of numbers in [0, 1), the same for the same seed. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A run of the app in a world where everything that can happen happens in any order. */
class Run {
  readonly world = new World()
  bench: Bench
  /** What the person wants: nothing in particular, to be out, or to be in again. */
  wish: 'none' | 'out' | 'in' = 'none'
  calls = 0
  readonly unsettled = new Set<Promise<unknown>>()
  private readonly next: () => number
  private readonly restarts: boolean
  private wasSignedIn = false
  /** The epoch of the last sign-in that was told that the identity is unbound. */
  private foundUnboundIn = -1
  private lostWrite = false
  private sentSeen = 0

  constructor(seed: number) {
    this.next = random(seed)
    // Either storage is slow, or the app is killed now and then: killed while it writes, it may
    // rightly come back with what it has kept before.
    this.restarts = this.next() < 0.5
    const kinds: Kind[] = ['login', 'exchange', 'refresh', 'call']
    for (const kind of kinds) this.world.held.add(kind)
    if (!this.restarts) this.world.held.add('storage')
    if (this.next() < 0.2) this.world.boundTo = null
    this.bench = bench(this.world)
  }

  private pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.next() * list.length)]
  }

  async step(): Promise<void> {
    const chance = this.next()
    if (chance < 0.45) this.fate(this.next() < 0.75)
    else if (chance < 0.65) this.call()
    else if (chance < 0.7) this.track(this.bench.session.launch())
    else if (chance < 0.77) this.signIn()
    else if (chance < 0.82) this.signOut()
    else if (chance < 0.86) this.accept()
    else if (chance < 0.92) this.world.expire()
    else if (chance < 0.95) this.world.revoke()
    else if (chance < 0.98) this.world.boundTo = this.world.boundTo ? null : { name: 'ming' }
    else if (this.restarts) await this.restart()
  }

  /** One of the pending answers comes, or is lost. */
  fate(answered: boolean): boolean {
    const pending = this.pick(this.world.pending)
    if (!pending) return false
    this.world.pending.splice(this.world.pending.indexOf(pending), 1)
    if (answered && pending.kind === 'exchange' && !this.world.boundTo) {
      this.foundUnboundIn = pending.epoch
    }
    if (answered) pending.answer()
    else {
      if (pending.kind === 'storage') this.lostWrite = true
      pending.lose()
    }
    return true
  }

  call(): Promise<unknown> {
    this.calls += 1
    return this.track(this.bench.call(`call${this.calls}`))
  }

  signIn(): void {
    if (this.wish === 'out') this.wish = 'in'
    this.track(this.bench.session.signIn())
  }

  private signOut(): void {
    this.world.epoch += 1
    this.wish = 'out'
    this.track(this.bench.session.signOut())
    expect(this.bench.session.state.status).toBe('signedOut')
  }

  private accept(): void {
    this.world.epoch += 1
    this.wish = 'none'
    const user = { name: `bound${this.world.epoch}` }
    const tokens = this.world.newTokens(user)
    this.track(this.bench.session.accept({ tokens, user, newUser: false }))
    expect(this.bench.session.state).toEqual({ status: 'signedIn', user })
  }

  private async restart(): Promise<void> {
    // What the old run still has in hand must not outlive it.
    await settle()
    this.world.pending.length = 0
    this.unsettled.clear()
    this.wasSignedIn = false
    // A sign-in that was only wished for dies with the app.
    if (this.wish === 'in' && this.bench.session.state.status === 'signedOut') this.wish = 'out'
    this.bench = bench(this.world)
  }

  private track(work: Promise<unknown>): Promise<unknown> {
    const settled = work.catch((error: unknown) => error)
    this.unsettled.add(settled)
    void settled.then(() => this.unsettled.delete(settled))
    return settled
  }

  check(): void {
    const { world } = this
    const waiting = (kind: Kind) =>
      world.pending.filter((pending) => pending.kind === kind && pending.epoch === world.epoch)
    expect(world.pending.filter(({ kind }) => kind === 'login').length).toBeLessThanOrEqual(1)
    expect(waiting('exchange').length + waiting('refresh').length).toBeLessThanOrEqual(1)

    const { status } = this.bench.session.state
    if (status === 'signedOut') expect(this.wish).not.toBe('none')
    if (this.wish === 'out') expect(['signedOut', 'starting']).toContain(status)
    if (this.wasSignedIn && this.wish !== 'out' && this.foundUnboundIn !== world.epoch) {
      expect(status).toBe('signedIn')
    }
    this.wasSignedIn = status === 'signedIn'
    if (status === 'unbound') this.foundUnboundIn = -1

    for (const { path, token } of world.sent.slice(this.sentSeen)) {
      expect(token && world.askedIn.get(token)).toBe(world.epoch)
      expect(world.sent.filter((sent) => sent.path === path).length).toBeLessThanOrEqual(2)
    }
    this.sentSeen = world.sent.length
  }

  /** With all well again a call gets through, and the phone has kept what let it. */
  async expectGoodCall(): Promise<void> {
    const { session } = this.bench
    if (session.state.status !== 'signedIn') this.signIn()
    await this.drain()
    const token = this.call()
    await this.drain()
    const kept = this.world.storage.get('wx-session')
    expect(await token).toMatch(/^access/)
    if (!this.lostWrite) expect(kept).toMatchObject({ tokens: { accessToken: await token } })
  }

  /** The network is well again and everything is answered. */
  async drain(): Promise<void> {
    do await settle()
    while (this.fate(true))
  }
}

it('holds in thousands of random interleavings', { timeout: 60_000 }, async () => {
  for (let seed = 1; seed <= 2500; seed += 1) {
    const run = new Run(seed)
    try {
      for (let step = 0; step < 30; step += 1) {
        await run.step()
        if (step % 2) await settle()
        run.check()
      }
      await run.drain()
      run.check()
      expect(run.unsettled.size).toBe(0)

      run.world.boundTo ??= { name: 'ming' }
      if (run.wish !== 'none') run.signIn()
      await run.drain()
      await run.expectGoodCall()
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    }
  }
})
