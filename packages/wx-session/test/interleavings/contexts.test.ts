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

const createTotals = () => ({
  signOuts: 0,
  taps: 0,
  bindings: 0,
  refreshes: 0,
  refused: 0,
  logins: 0,
  most: 0,
})

/** Two or three contexts of one mini program, with one storage, in which events happen in random order. */
class ContextsRun {
  readonly platform = new FakePlatform()
  readonly contexts: Fixture[] = []
  /** Whom the person decided to be last, in any context; null after a sign-out. */
  owner: string | null = 'ming'
  /** The backend refuses a refresh token that was used once; storage is then faster than the network. */
  private readonly isPlainRotation: boolean
  private bindings = 0
  private readonly next: () => number
  private readonly promises: Promises
  private readonly totals: ReturnType<typeof createTotals>

  constructor(seed: number, promises: Promises, totals: ReturnType<typeof createTotals>) {
    this.next = random(seed)
    this.promises = promises
    this.totals = totals
    this.isPlainRotation = this.next() < 0.5
    this.platform.isPlainRotation = this.isPlainRotation
    this.platform.grace = 60_000
    const kinds: Kind[] = ['login', 'exchange', 'refresh', 'call']
    if (!this.isPlainRotation) kinds.push('storage')
    for (const kind of kinds) this.platform.delayed.add(kind)
    // The identity may have no account: then the person is signed in by accept only.
    if (this.next() < 0.3) this.platform.boundTo = null
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
    else if (chance < 0.78) void context?.call().catch(() => undefined)
    else if (chance < 0.87) this.platform.expire()
    else if (chance < 0.91) this.signOut(context)
    else if (chance < 0.95) await this.tap(context)
    else if (chance < 0.97) await this.accept(context)
    else if (chance < 0.99) this.updateUser(context)
    else if (context) this.contexts[this.contexts.indexOf(context)] = this.start()
  }

  settleOne(): void {
    const pending = this.take()
    if (!pending) return
    const logins = this.platform.pending.filter(({ kind }) => kind === 'login').length
    this.totals.most = Math.max(this.totals.most, logins)
    // Storage that fails is for the test of a single context: where a context could not store a sign-out, it tries
    // again later, and then overrides what the person has decided in another one.
    const isKept =
      pending.kind === 'storage' || (this.isPlainRotation && pending.kind === 'refresh')
    if (isKept || this.next() < 0.85) pending.reply()
    else if (this.next() < 0.5) pending.loseReply()
    else pending.loseRequest()
  }

  /** Work of all kinds goes on in the other contexts while this one signs out. */
  private signOut(context: Fixture | undefined): void {
    this.totals.signOuts += 1
    this.owner = null
    void context?.session.signOut()
  }

  private async tap(context: Fixture | undefined): Promise<void> {
    await this.drain()
    // A page shows the button when its context does not know of a sign-in.
    if (context?.session.state.status === 'signedIn') return
    this.totals.taps += 1
    void context?.session.signIn()
    await this.drain()
    if (!this.platform.boundTo) return this.accept(context)
    // The sign-in of another context is adopted.
    const user = { name: this.owner ?? 'ming' }
    expect(context?.session.state).toEqual({ status: 'signedIn', user })
    this.owner = user.name
  }

  /** Binds another account while requests of all kinds are on their way, in all contexts. */
  async accept(context: Fixture | undefined): Promise<void> {
    // What storage cannot promise: a context that is between its read and its write.
    await this.drain('storage')
    this.bindings += 1
    this.totals.bindings += 1
    const user = { name: `bound${this.bindings}` }
    void context?.session.accept({ tokens: this.platform.newTokens(user), user })
    this.owner = user.name
    await this.drain('storage')
  }

  /** The profile of the user whom this context knows, maybe with tokens that were replaced long ago. */
  private updateUser(context: Fixture | undefined): void {
    const state = context?.session.state
    if (state?.status === 'signedIn') void context?.session.updateUser({ ...state.user })
  }

  /** Answers everything that is pending, or everything of one kind. */
  async drain(kind?: Kind): Promise<void> {
    await this.promises.settle()
    for (let pending = this.take(kind); pending; pending = this.take(kind)) {
      pending.reply()
      await this.promises.settle()
    }
  }

  private take(kind?: Kind): PendingRequest | undefined {
    const { pending } = this.platform
    const taken = this.pick(pending.filter((each) => !kind || each.kind === kind))
    if (taken) pending.splice(pending.indexOf(taken), 1)
    return taken
  }

  /** A call of each context that finds its token expired, and the next launch. */
  async expectOneState(): Promise<void> {
    await this.drain()
    // The first call of a context may find that another user is signed in.
    for (const round of [1, 2]) {
      for (const { call } of this.contexts) {
        // As long as the longest pause.
        this.platform.time += 600_000
        this.platform.expire()
        const result = call().catch((error: unknown) => error)
        await this.drain()
        if (!this.owner) expect(await result).toBeInstanceOf(Error)
        else if (round > 1) expect(this.platform.ownerOf.get(String(await result))).toBe(this.owner)
      }
    }
    // No context has ever presented a token that another one had replaced long ago, which would end the session.
    if (!this.isPlainRotation) expect(this.platform.refusedRefreshes).toBe(0)
    this.totals.refused += this.platform.refusedRefreshes
    const next = this.start()
    const launch = next.session.launch()
    await this.drain()
    const expected = this.owner
      ? { status: 'signedIn', user: { name: this.owner } }
      : { status: 'signedOut' }
    expect(await launch).toEqual(expected)
    for (const { session } of this.contexts) expect(session.state).toEqual(expected)
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
        if (!run.platform.boundTo) await run.accept(run.contexts[0])
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
    expect(totals.taps).toBeGreaterThan(runs / 2)
    expect(totals.bindings).toBeGreaterThan(runs)
    expect(totals.refused).toBeGreaterThan(runs / 20)
    expect(totals.refreshes).toBeGreaterThan(runs)
    expect(totals.most).toBeLessThanOrEqual(3)
  },
)
