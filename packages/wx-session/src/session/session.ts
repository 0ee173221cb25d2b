import type { TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { type CallScope, createCallScope } from './call-scope.ts'
import type { SessionWx } from './call-wx.ts'
import { createLedger, type Ledger, untilDecision } from './ledger.ts'
import { isUnauthenticated as refusesToken } from './server-error.ts'
import { createSessionEvents, type OnSessionEvent } from './session-events.ts'
import { createSessionLink } from './session-link.ts'
import type { SessionState, SignedIn, Tokens, Unbound } from './session-state.ts'
import { createSignIn, type SignIn } from './sign-in.ts'
import { createStore, type SessionStore } from './stored-session.ts'

export interface SessionOptions<U> {
  wx: SessionWx
  /** Hands the code of wx.login to the server. Start its call at once: see the README. */
  exchange(code: string): Promise<SignedIn<U> | Unbound>
  /** Without it, an expired access token means another wx.login. Start its call at once, too. */
  refresh?: ((refreshToken: string) => Promise<Tokens>) | undefined
  /** Whether an error means that the token is refused. */
  isUnauthenticated?(error: unknown): boolean
  /** Default `wx-session`. */
  storageKey?: string
  /** Milliseconds after which wx.login, or storage, counts as failed. Default 10,000. */
  loginTimeout?: number
  /** Milliseconds since 1970. Default Date.now. */
  now?(): number
}

export interface Session<U> {
  readonly state: SessionState<U>
  /** Is told each later state. Returns what ends that. */
  subscribe(listener: (state: SessionState<U>) => void): () => void
  /** `signedIn`, `unbound`, `signedOut`, `offline`: tells each later one, with its state. */
  on: OnSessionEvent<U>
  /**
   * For App.onLaunch: uses a kept sign-in without a request, or signs in through WeChat, unless
   * the person has signed out. Later calls change nothing and tell the state.
   */
  launch(): Promise<SessionState<U>>
  /** On the person's wish: one wx.login, whose outcome is the state. Nothing where signed in. */
  signIn(): Promise<SessionState<U>>
  /** After binding or registering. Resolves when it is kept. */
  accept(signedIn: Omit<SignedIn<U>, 'status'>): Promise<void>
  /** After the person has changed their profile. */
  updateUser(user: U): Promise<void>
  /**
   * The state is `signedOut` at once, and is remembered. Then `revoke` may tell the server; the
   * calls it starts at once carry the old token, and its failure is of no consequence.
   */
  signOut(revoke?: () => Promise<unknown>): Promise<void>
  /** Goes before the link that sends. Calls with `context: { public: true }` pass untouched. */
  link(): TRPCLink<AnyRouter>
}

interface Parts<U> {
  ledger: Ledger<U>
  store: SessionStore<U>
  scope: CallScope
  signIn: SignIn
  isUnauthenticated(error: unknown): boolean
}

export function createSession<U>(options: SessionOptions<U>): Session<U> {
  const parts = assemble(options)
  const { ledger, scope, signIn, store } = parts
  const { launch, open } = createLaunch(parts, options)
  const settled = async () => {
    await store.idle()
    return ledger.state
  }
  return {
    get state() {
      return ledger.state
    },
    subscribe: ledger.subscribe,
    on: createSessionEvents(ledger),
    launch: () => launch().then(settled),
    async signIn() {
      const { epoch } = ledger
      await untilDecision(ledger, open())
      const overtaken = ledger.epoch !== epoch
      if (!overtaken && ledger.state.status !== 'signedIn') await signIn.enter()
      return settled()
    },
    accept({ tokens, user }) {
      ledger.decide({ status: 'signedIn', tokens, user })
      return store.idle()
    },
    updateUser(user) {
      ledger.updateUser(user)
      return store.idle()
    },
    async signOut(revoke) {
      const leavingWith = ledger.tokens
      ledger.decide({ status: 'signedOut' })
      if (revoke && leavingWith) await bestEffort(() => scope.within({ leavingWith }, revoke))
      await store.idle()
    },
    link: () =>
      createSessionLink({
        ledger,
        scope,
        isUnauthenticated: parts.isUnauthenticated,
        ready: () => ready(parts, launch),
        renew: signIn.renew,
      }),
  }
}

function assemble<U>(options: SessionOptions<U>): Parts<U> {
  const { wx, storageKey = 'wx-session', loginTimeout = 10_000 } = options
  const isUnauthenticated = options.isUnauthenticated ?? refusesToken
  const store = createStore<U>({ wx, key: storageKey, limit: loginTimeout })
  const ledger = createLedger<U>(store.write)
  const scope = createCallScope()
  const { exchange, refresh } = options
  const signIn = createSignIn(ledger, scope, {
    wx,
    exchange,
    refresh,
    isUnauthenticated,
    limit: loginTimeout,
  })
  return { ledger, store, scope, signIn, isUnauthenticated }
}

/** Both run once, however often they are called. */
function createLaunch<U>({ ledger, store, signIn }: Parts<U>, options: SessionOptions<U>) {
  let opened: Promise<void> | null = null
  let launched: Promise<void> | null = null
  const restore = async () => {
    const stored = await store.read()
    if (!stored) return
    if ('signedOut' in stored) ledger.restore({ status: 'signedOut' })
    else if (isGood(stored.tokens, options)) {
      ledger.restore({ status: 'signedIn', tokens: stored.tokens, user: stored.user })
    }
  }
  const open = () => {
    opened ??= restore()
    return opened
  }
  const begin = async () => {
    await open()
    if (ledger.state.status === 'starting') await signIn.enter()
  }
  const launch = () => {
    launched ??= untilDecision(ledger, begin())
    return launched
  }
  return { open, launch }
}

/** Whether a kept sign-in may still hold. The server has the last word: a phone's clock may be wrong. */
function isGood(tokens: Tokens, { refresh, now = Date.now }: SessionOptions<unknown>): boolean {
  const end = refresh ? tokens.refreshTokenExpiresAt : tokens.accessTokenExpiresAt
  return Date.parse(end) > now()
}

/** Whatever sign-in a call has to wait for. */
async function ready(
  { ledger, signIn }: Parts<unknown>,
  launch: () => Promise<void>,
): Promise<void> {
  const { status } = ledger.state
  if (status === 'starting') await launch()
  // The failure was told to those who waited for it; a new call is a new try.
  if (status === 'offline') await signIn.enter()
}

async function bestEffort(run: () => Promise<unknown>): Promise<void> {
  try {
    await run()
  } catch {
    // The phone has forgotten the tokens all the same.
  }
}
