import { type WxRequest, wxLink } from '@mianmi/wx-link'
import { createTRPCClient } from '@trpc/client'
import { initTRPC, TRPCError } from '@trpc/server'
import { type CreateHTTPContextOptions, createHTTPServer } from '@trpc/server/adapters/standalone'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { createSession, type Session, type SignedIn, type Tokens } from '../src/index.ts'
import { farFuture, type User, World } from './world.ts'

// A service that knows one access token at a time.
let good = 0
const served: string[] = []
const newTokens = (): Tokens => ({
  accessToken: `access${++good}`,
  accessTokenExpiresAt: farFuture,
  refreshToken: 'refresh',
  refreshTokenExpiresAt: farFuture,
})

const t = initTRPC.context<{ token: string | undefined }>().create()
const signedIn = t.procedure.use(({ ctx, path, next }) => {
  served.push(path)
  if (ctx.token !== `Bearer access${good}`) throw new TRPCError({ code: 'UNAUTHORIZED' })
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

const createContext = ({ req }: CreateHTTPContextOptions) => ({ token: req.headers.authorization })
const server = createHTTPServer({ router, createContext })
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  url = `http://127.0.0.1:${address.port}`
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})
beforeEach(() => {
  served.length = 0
})

let requests = 0
const request: WxRequest = ({ url: address, method, header, data, success, fail }) => {
  requests += 1
  fetch(address, { method, headers: header, body: data ?? null }).then(
    async (reply) => success({ statusCode: reply.status, data: await reply.text() }),
    (error) => fail({ errMsg: `request:fail ${error}` }),
  )
}

function start() {
  const session: Session<User> = createSession<User>({
    wx: new World().wx,
    exchange: (code) => client.miniLogin.mutate({ code }),
    refresh: (refreshToken) => client.refresh.mutate({ refreshToken }),
  })
  const client = createTRPCClient<typeof router>({
    links: [session.link(), wxLink({ url, request })],
  })
  return { session, client }
}

it('signs in over wx.request, and calls that waited share a request', async () => {
  const { session, client } = start()
  requests = 0
  const calls = [client.me.query(), client.me.query(), client.pay.mutate({ cents: 5 })]
  await session.launch()
  expect(await Promise.all(calls)).toEqual(['me', 'me', 5])
  expect(requests).toBe(3)
  expect(served).toEqual(['miniLogin', 'me', 'me', 'pay'])
})

it('replays a refused batch once after one refresh', async () => {
  const { session, client } = start()
  await session.launch()
  good += 1
  served.length = 0
  const calls = [client.me.query(), client.me.query(), client.pay.mutate({ cents: 7 })]
  expect(await Promise.all(calls)).toEqual(['me', 'me', 7])
  expect(served.filter((path) => path === 'refresh')).toHaveLength(1)
  expect(served.filter((path) => path === 'pay')).toHaveLength(2)
})
