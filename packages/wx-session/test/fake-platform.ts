import { createTRPCUntypedClient, TRPCClientError, type TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { observable } from '@trpc/server/observable'
import {
  createSession,
  type Session,
  type SessionOptions,
  type SessionWx,
  type Tokens,
} from '../src/index.ts'

export type Kind = 'login' | 'exchange' | 'refresh' | 'call' | 'storage'

/** A request to the phone or to the server that has no reply yet. */
export interface PendingRequest {
  kind: Kind
  /** The platform's epoch at the time of the request. */
  epoch: number
  /** Replies by the present state of the phone or the server. */
  reply(): void
  /** The request fails before it arrives. */
  loseRequest(): void
  /** The request is carried out, but its reply is lost: the app was in the background. */
  loseReply(): void
}

export interface User {
  name: string
}

export interface SentCall {
  path: string
  token: string | undefined
}

export const farFuture = '2999-01-01T00:00:00.000Z'

export const serverError = (reason: string | null, code = 'BAD_REQUEST') =>
  TRPCClientError.from<AnyRouter>({
    error: {
      code: -32600,
      message: `refused: ${reason}`,
      data: { code, ...(reason && { reason }) },
    },
  })

export const networkError = () => TRPCClientError.from<AnyRouter>(new Error('request:fail'))

/**
 * A phone and a server. They reply at once, except to requests of the kinds in `delayed`, which a
 * test settles through `pending`.
 */
export class FakePlatform {
  readonly delayed: Set<Kind> = new Set()
  readonly pending: PendingRequest[] = []
  readonly sent: SentCall[] = []
  readonly storage: Map<string, unknown> = new Map()
  readonly counts: Record<Kind, number> = {
    login: 0,
    exchange: 0,
    refresh: 0,
    call: 0,
    storage: 0,
  }
  /** The number of decisions of the person, in tests that count them. */
  epoch = 0
  refusedRefreshes = 0
  /** For each access token, the epoch of the request that returned it. */
  readonly requestedIn: Map<string, number> = new Map()
  /** The account that the WeChat identity is bound to; null when it is not bound. */
  boundTo: User | null = { name: 'ming' }
  /** Errors to return for requests of a kind. */
  failures: Partial<Record<Kind, () => unknown>> = {}
  private readonly access = new Set<string>()
  private readonly refreshable = new Map<string, User>()
  /** For each used refresh token, the tokens that it returned. */
  private readonly successors = new Map<string, Tokens>()
  private readonly codes = new Set<string>()
  private serial = 0

  readonly wx: SessionWx = {
    login: ({ success, fail }) => {
      const code = `code${++this.serial}`
      this.schedule('login', fail, (isDelivered) => {
        this.codes.add(code)
        if (isDelivered) success({ code })
        else fail({ errMsg: 'login:fail' })
      })
    },
    getStorage: ({ key, success, fail }) => {
      this.schedule('storage', fail, (isDelivered) => {
        if (isDelivered && this.storage.has(key))
          success({ data: structuredClone(this.storage.get(key)) })
        else fail({ errMsg: 'getStorage:fail data not found' })
      })
    },
    setStorage: ({ key, data, success, fail }) => {
      this.schedule('storage', fail, (isDelivered) => {
        this.storage.set(key, structuredClone(data))
        if (isDelivered) success({})
        else fail({ errMsg: 'setStorage:fail' })
      })
    },
    removeStorage: ({ key, success, fail }) => {
      this.schedule('storage', fail, (isDelivered) => {
        this.storage.delete(key)
        if (isDelivered) success({})
        else fail({ errMsg: 'removeStorage:fail' })
      })
    },
  }

  /** Expires the access tokens; a refresh returns new ones. */
  expire(): void {
    this.access.clear()
  }

  /** Ends all sessions; only a sign-in returns new tokens. */
  revoke(): void {
    this.access.clear()
    this.refreshable.clear()
  }

  newTokens(user: User, epoch: number = this.epoch, known?: Tokens): Tokens {
    const tokens = {
      accessToken: `access${++this.serial}`,
      accessTokenExpiresAt: farFuture,
      refreshToken: known?.refreshToken ?? `refresh${this.serial}`,
      refreshTokenExpiresAt: farFuture,
    }
    this.access.add(tokens.accessToken)
    this.requestedIn.set(tokens.accessToken, epoch)
    this.refreshable.set(tokens.refreshToken, user)
    return tokens
  }

  /** Removes and returns the oldest pending request, of one kind or of any. */
  take(kind?: Kind): PendingRequest {
    const index = kind ? this.pending.findIndex((pending) => pending.kind === kind) : 0
    const [pending] = index < 0 ? [] : this.pending.splice(index, 1)
    if (!pending) throw new Error(`no request of kind ${kind} is pending`)
    return pending
  }

  exchange = (code: string) =>
    this.request('exchange', (epoch) => {
      if (!this.codes.delete(code)) throw serverError('code_used')
      const user = this.boundTo
      if (!user) {
        return { status: 'unbound', ticket: `ticket${++this.serial}`, ticketExpiresAt: farFuture }
      }
      return { status: 'signedIn', tokens: this.newTokens(user, epoch), user, newUser: false }
    }) as ReturnType<SessionOptions<User>['exchange']>

  /** A refresh token is accepted until its successor is used, so that a lost reply ends no session. */
  refresh = (refreshToken: string) =>
    this.request('refresh', (epoch) => {
      const user = this.refreshable.get(refreshToken)
      if (!user) {
        this.refusedRefreshes += 1
        throw serverError('unauthenticated', 'UNAUTHORIZED')
      }
      for (const [parent, { refreshToken: child }] of this.successors) {
        if (child === refreshToken) this.refreshable.delete(parent)
      }
      const successor = this.newTokens(user, epoch, this.successors.get(refreshToken))
      this.successors.set(refreshToken, successor)
      return successor
    }) as Promise<Tokens>

  /** In the place of wxLink and the service. */
  readonly link: TRPCLink<AnyRouter> =
    () =>
    ({ op }) =>
      observable((observer) => {
        const headers = (op.context['headers'] ?? {}) as Record<string, string>
        const token = headers['authorization']?.replace('Bearer ', '')
        this.sent.push({ path: op.path, token })
        const reply = this.request('call', () => {
          if (op.path.startsWith('public')) return 'public'
          if (token && this.access.has(token)) return token
          throw serverError('unauthenticated', 'UNAUTHORIZED')
        })
        reply.then(
          (data) => {
            observer.next({ result: { type: 'data', data } })
            observer.complete()
          },
          (error) => observer.error(error),
        )
      })

  private request(kind: Kind, serve: (epoch: number) => unknown): Promise<unknown> {
    const { epoch } = this
    return new Promise((resolve, reject) => {
      const lose = () => reject(networkError())
      this.schedule(kind, lose, (isDelivered) => {
        try {
          const failure = this.failures[kind]?.()
          if (failure) throw failure
          const reply = serve(epoch)
          if (isDelivered) resolve(reply)
        } catch (error) {
          if (isDelivered) reject(error)
        }
        if (!isDelivered) lose()
      })
    })
  }

  private schedule(
    kind: Kind,
    fail: (error: { errMsg: string }) => void,
    carryOut: (isDelivered: boolean) => void,
  ): void {
    this.counts[kind] += 1
    const { epoch } = this
    const reply = () => carryOut(true)
    const loseRequest = () => fail({ errMsg: `${kind}:fail` })
    const pending: PendingRequest = {
      kind,
      epoch,
      reply,
      loseRequest,
      loseReply: () => carryOut(false),
    }
    if (this.delayed.has(kind)) this.pending.push(pending)
    else queueMicrotask(reply)
  }
}

export interface Fixture {
  platform: FakePlatform
  session: Session<User>
  /** Makes a call that needs a token; the reply is the token that the server received. */
  call(
    path?: string,
    options?: { context?: Record<string, unknown>; signal?: AbortSignal },
  ): Promise<unknown>
}

export function createFixture(
  platform: FakePlatform = new FakePlatform(),
  options: Partial<SessionOptions<User>> = {},
  create: typeof createSession = createSession,
): Fixture {
  const { wx, exchange, refresh, link } = platform
  const session = create<User>({ wx, exchange, refresh, ...options })
  const client = createTRPCUntypedClient<AnyRouter>({ links: [session.link(), link] })
  return {
    platform,
    session,
    call: (path = 'me', callOptions = {}) => client.query(path, undefined, callOptions),
  }
}

/** Runs everything that waits for no request. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
