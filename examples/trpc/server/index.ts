import { randomBytes } from 'node:crypto'
import process from 'node:process'
import { trpcFastify } from '@mianmi/trpc-fastify'
import { createWechat, WechatError } from '@mianmi/wechat'
import fastify from 'fastify'
import { type AppRouter, appRouter, type Context, Refusal, type User } from '../contract/router.ts'

// Signs in through WeChat, and lists orders. The maps stand for your database.
const { WECHAT_API_URL: baseUrl = 'http://127.0.0.1:3101', PORT = '3000' } = process.env
const { APP_ID = 'wx6d69616e6d690001', APP_SECRET = 'secret' } = process.env
const LIFETIME = 7 * 24 * 60 * 60 * 1000
const users = new Map<string, User>() // openid → user
const tokens = new Map<string, { user: User; expiresAt: number }>()
const wechat = createWechat({ apps: { [APP_ID]: APP_SECRET }, baseUrl })

async function signIn(code: string) {
  const { openid } = await wechat.code2Session(APP_ID, code).catch((error: unknown) => {
    throw error instanceof WechatError ? new Refusal(error.kind) : error
  })
  const user = users.get(openid) ?? { id: String(users.size + 1) }
  users.set(openid, user)
  const accessToken = randomBytes(32).toString('base64url')
  const expiresAt = Date.now() + LIFETIME
  tokens.set(accessToken, { user, expiresAt })
  const issued = { accessToken, accessTokenExpiresAt: expiresAt }
  return { status: 'signedIn', tokens: issued, user } as const
}

function contextOf(authorization = ''): Context {
  const token = authorization.replace(/^Bearer /, '')
  const known = tokens.get(token)
  return {
    user: known && known.expiresAt > Date.now() ? known.user : null,
    signIn,
    signOut: () => void tokens.delete(token),
    ordersOf: ({ id }) => [1, 2].map((n) => ({ id: n, title: `用户 ${id} 的订单 ${n}` })),
  }
}

const app = fastify({ routerOptions: { maxParamLength: 5_000 } })
app.register(trpcFastify<AppRouter>, {
  prefix: '/trpc',
  trpcOptions: {
    router: appRouter,
    createContext: ({ req }) => contextOf(req.headers.authorization),
    maxBatchSize: 10,
  },
})
console.log(await app.listen({ port: Number(PORT) }))
