import { expect, it } from 'vitest'
import { createSession } from '../../src/index.ts'
import { type Bench, bench, type Kind, type Pending, settle, World } from '../world.ts'
import { lateCreateSession, lateReactions, settleLate } from './late-promise.ts'

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

/** How promises behave in the session under test. */
interface Promises {
  create: typeof createSession
  settle(): Promise<void>
}

/** What has happened in all runs. */
const totals = () => ({ steps: 0, calls: 0, logins: 0, lost: 0, lostReplies: 0, restarts: 0 })

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
  /** For each call the epoch in which it was sent first. */
  private readonly sentIn = new Map<string, number>()
  private loginsSeen = 0
  private refusalsSeen = 0
  private readonly promises: Promises
  private readonly sums: ReturnType<typeof totals>

  constructor(seed: number, promises: Promises, sums: ReturnType<typeof totals>) {
    this.next = random(seed)
    this.promises = promises
    this.sums = sums
    // Either storage is slow, or the app is killed now and then: killed while it writes, it may
    // rightly come back with what it has kept before.
    this.restarts = this.next() < 0.5
    const kinds: Kind[] = ['login', 'exchange', 'refresh', 'call']
    for (const kind of kinds) this.world.held.add(kind)
    if (!this.restarts) this.world.held.add('storage')
    if (this.next() < 0.2) this.world.boundTo = null
    this.bench = this.start()
  }

  private start(): Bench {
    return bench(this.world, {}, this.promises.create)
  }

  private pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.next() * list.length)]
  }

  async step(): Promise<void> {
    const chance = this.next()
    this.sums.steps += 1
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
    else this.lose(pending)
    return true
  }

  private lose(pending: Pending): void {
    this.sums.lost += 1
    if (this.next() < 0.5) {
      this.sums.lostReplies += 1
      pending.loseReply()
      return
    }
    if (pending.kind === 'storage') this.lostWrite = true
    pending.lose()
  }

  call(): Promise<unknown> {
    this.calls += 1
    this.sums.calls += 1
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
    await this.promises.settle()
    this.sums.restarts += 1
    this.world.pending.length = 0
    this.unsettled.clear()
    this.wasSignedIn = false
    // A sign-in that was only wished for dies with the app.
    if (this.wish === 'in' && this.bench.session.state.status === 'signedOut') this.wish = 'out'
    this.bench = this.start()
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
    if (world.counts.login > this.loginsSeen) {
      // Nobody who is signed in is signed in again because a reply was lost.
      const mayBeIn = this.wasSignedIn && this.foundUnboundIn !== world.epoch
      if (mayBeIn) expect(world.refusedRefreshes).toBeGreaterThan(this.refusalsSeen)
      this.loginsSeen = world.counts.login
      this.refusalsSeen = world.refusedRefreshes
    }
    this.wasSignedIn = status === 'signedIn'
    if (status === 'unbound') this.foundUnboundIn = -1

    for (const { path, token } of world.sent.slice(this.sentSeen)) {
      expect(token && world.askedIn.get(token)).toBe(world.epoch)
      if (!this.sentIn.has(path)) this.sentIn.set(path, world.epoch)
      expect(this.sentIn.get(path)).toBe(world.epoch)
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
    do await this.promises.settle()
    while (this.fate(true))
  }
}

async function play(seed: number, promises: Promises, sums: ReturnType<typeof totals>) {
  const run = new Run(seed, promises, sums)
  for (let step = 0; step < 30; step += 1) {
    await run.step()
    if (step % 2) await promises.settle()
    run.check()
  }
  await run.drain()
  run.check()
  expect(run.unsettled.size).toBe(0)

  run.world.boundTo ??= { name: 'ming' }
  if (run.wish !== 'none') run.signIn()
  await run.drain()
  await run.expectGoodCall()
  sums.logins += run.world.counts.login
}

it.each([
  ['microtasks', 2500, async (): Promise<Promises> => ({ create: createSession, settle })],
  [
    'tasks, as on iOS up to 15,',
    1000,
    async (): Promise<Promises> => ({ create: await lateCreateSession(), settle: settleLate }),
  ],
])('holds with promises as %s in %i random interleavings', { timeout: 60_000 }, async (...row) => {
  const [, runs, load] = row
  const promises = await load()
  const sums = totals()
  for (let seed = 1; seed <= runs; seed += 1) {
    try {
      await play(seed, promises, sums)
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    }
  }
  // The README tells these numbers; fewer would mean that the runs have become harmless.
  expect(sums.steps).toBe(runs * 30)
  expect(sums.calls).toBeGreaterThan(runs * 7)
  expect(sums.logins).toBeGreaterThan(runs * 2)
  expect(sums.lostReplies).toBeGreaterThan(runs * 0.75)
  if (promises.create !== createSession) expect(lateReactions()).toBeGreaterThan(runs * 50)
})
