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

/** Something the phone or the server has been asked and has not answered yet. */
export interface Pending {
  kind: Kind
  /** The decision (see World.epoch) after which it was asked. */
  epoch: number
  /** Answers as the server stands now. */
  answer(): void
  /** The request fails on its way there. */
  lose(): void
  /** What was asked for is done, and nobody hears of it: the app was in the background. */
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

/** A phone and a server whose answers come at once, or, for kinds held, when the test says so. */
export class World {
  readonly held: Set<Kind> = new Set()
  readonly pending: Pending[] = []
  readonly sent: SentCall[] = []
  readonly storage: Map<string, unknown> = new Map()
  readonly counts: Record<Kind, number> = {
    login: 0,
    exchange: 0,
    refresh: 0,
    call: 0,
    storage: 0,
  }
  /** How many decisions the person has made, where a test counts them. */
  epoch = 0
  refusedRefreshes = 0
  /** For each access token the epoch in which it was asked for. */
  readonly askedIn: Map<string, number> = new Map()
  /** Whose account the WeChat identity is bound to; null where to none. */
  boundTo: User | null = { name: 'ming' }
  /** What the server thinks of everything; null where it is well. */
  trouble: Partial<Record<Kind, () => unknown>> = {}
  private readonly access = new Set<string>()
  private readonly refreshable = new Map<string, User>()
  /** What each refresh token was exchanged for. */
  private readonly successors = new Map<string, Tokens>()
  private readonly codes = new Set<string>()
  private serial = 0

  readonly wx: SessionWx = {
    login: ({ success, fail }) => {
      const code = `code${++this.serial}`
      this.ask('login', fail, (isHeard) => {
        this.codes.add(code)
        if (isHeard) success({ code })
        else fail({ errMsg: 'login:fail' })
      })
    },
    getStorage: ({ key, success, fail }) => {
      this.ask('storage', fail, (isHeard) => {
        if (isHeard && this.storage.has(key))
          success({ data: structuredClone(this.storage.get(key)) })
        else fail({ errMsg: 'getStorage:fail data not found' })
      })
    },
    setStorage: ({ key, data, success, fail }) => {
      this.ask('storage', fail, (isHeard) => {
        this.storage.set(key, structuredClone(data))
        if (isHeard) success({})
        else fail({ errMsg: 'setStorage:fail' })
      })
    },
    removeStorage: ({ key, success, fail }) => {
      this.ask('storage', fail, (isHeard) => {
        this.storage.delete(key)
        if (isHeard) success({})
        else fail({ errMsg: 'removeStorage:fail' })
      })
    },
  }

  /** Lets the access tokens expire; a refresh gets new ones. */
  expire(): void {
    this.access.clear()
  }

  /** Ends all sessions: only a sign-in gets new tokens. */
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
    this.askedIn.set(tokens.accessToken, epoch)
    this.refreshable.set(tokens.refreshToken, user)
    return tokens
  }

  /** The fate of what waits longest, of one kind or of any. */
  next(kind?: Kind): Pending {
    const index = kind ? this.pending.findIndex((pending) => pending.kind === kind) : 0
    const [pending] = index < 0 ? [] : this.pending.splice(index, 1)
    if (!pending) throw new Error(`nothing of kind ${kind} is waiting`)
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

  /** A parent is accepted until its successor is used, so that a lost reply costs nothing. */
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

  /** Stands for wxLink and the service behind it. */
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
      this.ask(kind, lose, (isHeard) => {
        try {
          const trouble = this.trouble[kind]?.()
          if (trouble) throw trouble
          const reply = serve(epoch)
          if (isHeard) resolve(reply)
        } catch (error) {
          if (isHeard) reject(error)
        }
        if (!isHeard) lose()
      })
    })
  }

  private ask(
    kind: Kind,
    fail: (error: { errMsg: string }) => void,
    act: (isHeard: boolean) => void,
  ): void {
    this.counts[kind] += 1
    const { epoch } = this
    const answer = () => act(true)
    const lose = () => fail({ errMsg: `${kind}:fail` })
    const pending: Pending = { kind, epoch, answer, lose, loseReply: () => act(false) }
    if (this.held.has(kind)) this.pending.push(pending)
    else queueMicrotask(answer)
  }
}

export interface Bench {
  world: World
  session: Session<User>
  /** Makes a call that needs a token; the reply is the token the server has seen. */
  call(
    path?: string,
    options?: { context?: Record<string, unknown>; signal?: AbortSignal },
  ): Promise<unknown>
}

export function bench(
  world: World = new World(),
  options: Partial<SessionOptions<User>> = {},
  create: typeof createSession = createSession,
): Bench {
  const { wx, exchange, refresh, link } = world
  const session = create<User>({ wx, exchange, refresh, ...options })
  const client = createTRPCUntypedClient<AnyRouter>({ links: [session.link(), link] })
  return {
    world,
    session,
    call: (path = 'me', callOptions = {}) => client.query(path, undefined, callOptions),
  }
}

/** Lets everything happen that can happen without the outside. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
