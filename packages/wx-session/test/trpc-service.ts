import type { WxRequest } from '@mianmi/wx-link'
import { initTRPC, TRPCError } from '@trpc/server'
import { type CreateHTTPContextOptions, createHTTPServer } from '@trpc/server/adapters/standalone'
import { z } from 'zod'
import type { SignedIn, Tokens } from '../src/index.ts'
import { farFuture, type User } from './fake-platform.ts'

export interface TestService {
  url: string
  /** The paths of the procedures that were called, in order. */
  served: string[]
  requests: number
  /** wx.request over fetch. */
  request: WxRequest
  /** Rejects the current access token from now on. */
  expire(): void
  close(): void
}

/** A service with one valid access token at a time. */
function createRouter(served: string[]) {
  let serial = 0
  const newTokens = (): Tokens => ({
    accessToken: `access${++serial}`,
    accessTokenExpiresAt: farFuture,
    refreshToken: 'refresh',
    refreshTokenExpiresAt: farFuture,
  })
  const t = initTRPC.context<{ token: string | undefined }>().create()
  const signedIn = t.procedure.use(({ ctx, path, next }) => {
    served.push(path)
    if (ctx.token !== `Bearer access${serial}`) throw new TRPCError({ code: 'UNAUTHORIZED' })
    return next()
  })
  const router = t.router({
    miniLogin: t.procedure.input(z.object({ code: z.string() })).mutation((): SignedIn<User> => {
      served.push('miniLogin')
      return { status: 'signedIn', tokens: newTokens(), user: { name: 'ming' }, newUser: false }
    }),
    refresh: t.procedure.input(z.object({ refreshToken: z.string() })).mutation((): Tokens => {
      served.push('refresh')
      return newTokens()
    }),
    me: signedIn.query(() => 'me'),
    pay: signedIn.input(z.object({ cents: z.number() })).mutation(({ input }) => input.cents),
  })
  const expire = () => {
    serial += 1
  }
  return { router, expire }
}

export type TestRouter = ReturnType<typeof createRouter>['router']

export async function startService(): Promise<TestService> {
  const served: string[] = []
  const { router, expire } = createRouter(served)
  const createContext = ({ req }: CreateHTTPContextOptions) => ({
    token: req.headers.authorization,
  })
  const server = createHTTPServer({ router, createContext })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const service: TestService = {
    url: `http://127.0.0.1:${address.port}`,
    served,
    requests: 0,
    request({ url, method, header, data, success, fail }) {
      service.requests += 1
      fetch(url, { method, headers: header, body: data ?? null }).then(
        async (reply) => success({ statusCode: reply.status, data: await reply.text() }),
        (error) => fail({ errMsg: `request:fail ${error}` }),
      )
    },
    expire,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
  return service
}
