import { expect, it } from 'vitest'
import {
  createFixture,
  FakePlatform,
  type Fixture,
  type Kind,
  type PendingRequest,
} from '../fixtures/fake-platform.ts'
import { type Promises, promiseOrders, random } from './random-run.ts'

const runs = 1000
const stepsPerRun = 40

const createTotals = () => ({ signOuts: 0, taps: 0, refreshes: 0, logins: 0, most: 0 })

/** Two or three contexts of one mini program, with one storage, in which events happen in random order. */
class ContextsRun {
  readonly platform = new FakePlatform()
  readonly contexts: Fixture[] = []
  /** What the person decided last, in any context. */
  isSignedOut = false
  private readonly next: () => number
  private readonly promises: Promises
  private readonly totals: ReturnType<typeof createTotals>

  constructor(seed: number, promises: Promises, totals: ReturnType<typeof createTotals>) {
    this.next = random(seed)
    this.promises = promises
    this.totals = totals
    this.platform.grace = 60_000
    const kinds: Kind[] = ['login', 'exchange', 'refresh', 'call', 'storage']
    for (const kind of kinds) this.platform.delayed.add(kind)
    const count = this.next() < 0.5 ? 2 : 3
    while (this.contexts.length < count) this.contexts.push(this.start())
  }

  start(): Fixture {
    return createFixture(this.platform, {}, this.promises.create)
  }

  private pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.next() * list.length)]
  }

  async step(): Promise<void> {
    this.platform.time += 10_000
    const chance = this.next()
    const context = this.pick(this.contexts)
    if (chance < 0.6) this.settleOne()
    else if (chance < 0.8) void context?.call().catch(() => undefined)
    else if (chance < 0.9) this.platform.expire()
    else if (chance < 0.94) this.signOut(context)
    else if (chance < 0.99) await this.tap(context)
    else if (context) this.contexts[this.contexts.indexOf(context)] = this.start()
  }

  settleOne(): void {
    const pending = this.take()
    if (!pending) return
    const logins = this.platform.pending.filter(({ kind }) => kind === 'login').length
    this.totals.most = Math.max(this.totals.most, logins)
    // Storage that fails is for the test of a single context: where a context could not store a sign-out, it tries
    // again later, and then overrides what the person has decided in another one.
    if (pending.kind === 'storage' || this.next() < 0.85) pending.reply()
    else if (this.next() < 0.5) pending.loseReply()
    else pending.loseRequest()
  }

  /** Work of all kinds goes on in the other contexts while this one signs out. */
  private signOut(context: Fixture | undefined): void {
    this.totals.signOuts += 1
    this.isSignedOut = true
    void context?.session.signOut()
  }

  private async tap(context: Fixture | undefined): Promise<void> {
    await this.drain()
    // A page shows the button when its context does not know of a sign-in.
    if (context?.session.state.status === 'signedIn') return
    this.totals.taps += 1
    void context?.session.signIn()
    await this.drain()
    expect(context?.session.state.status).toBe('signedIn')
    this.isSignedOut = false
  }

  /** Answers everything that is pending. */
  async drain(): Promise<void> {
    await this.promises.settle()
    for (let pending = this.take(); pending; pending = this.take()) {
      pending.reply()
      await this.promises.settle()
    }
  }

  private take(): PendingRequest | undefined {
    const { pending } = this.platform
    return pending.splice(Math.floor(this.next() * pending.length), 1)[0]
  }

  /** A call of each context that finds its token expired, and the next launch. */
  async expectOneState(): Promise<void> {
    await this.drain()
    this.platform.time += 600_000
    for (const { call } of this.contexts) {
      this.platform.expire()
      const result = call().catch((error: unknown) => error)
      await this.drain()
      if (this.isSignedOut) expect(await result).toBeInstanceOf(Error)
      else expect(await result).toMatch(/^access/)
    }
    // No context has ever presented a token that another one had replaced long ago, which would end the session.
    expect(this.platform.refusedRefreshes).toBe(0)
    const next = this.start()
    const launch = next.session.launch()
    await this.drain()
    const expected = this.isSignedOut ? 'signedOut' : 'signedIn'
    expect((await launch).status).toBe(expected)
    for (const { session } of this.contexts) expect(session.state.status).toBe(expected)
    this.totals.refreshes += this.platform.counts.refresh
    this.totals.logins += this.platform.counts.login
  }
}

it.each(promiseOrders)(
  'contexts with one storage agree, with promises as %s',
  {
    timeout: 300_000,
  },
  async (_order, load) => {
    const promises = await load()
    const totals = createTotals()
    for (let seed = 1; seed <= runs; seed += 1) {
      const run = new ContextsRun(seed, promises, totals)
      try {
        for (let step = 0; step < stepsPerRun; step += 1) {
          await run.step()
          if (step % 2) await promises.settle()
        }
        await run.expectOneState()
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error })
      }
    }
    expect(totals.signOuts).toBeGreaterThan(runs)
    expect(totals.taps).toBeGreaterThan(runs)
    expect(totals.refreshes).toBeGreaterThan(runs)
    expect(totals.most).toBeLessThanOrEqual(3)
  },
)
