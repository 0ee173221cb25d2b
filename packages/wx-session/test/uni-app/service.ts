import { createWxClient, wxLink } from '@mianmi/wx-link/client'
import { initTRPC } from '@trpc/server'
import { createSession, type SignedIn, type Unbound } from '../../src/index.ts'
import { sessionLink } from '../../src/trpc.ts'

/** The uni-app example of docs/taro-and-uni-app.md, compiled against uni-app's own typings. */

interface User {
  id: string
}

const t = initTRPC.create()
const router = t.router({
  miniLogin: t.procedure
    .input((input: unknown) => input as { appId: string; code: string })
    .mutation((): SignedIn<User> | Unbound => {
      throw new Error('used for its type only')
    }),
  me: t.procedure.query((): { user: User } => ({ user: { id: '1' } })),
})
type AppRouter = typeof router

const link = wxLink<AppRouter>({ url: 'https://api.example.com/trpc', request: uni.request })
const service = createWxClient<AppRouter>({ links: [link] })
const { appId } = uni.getAccountInfoSync().miniProgram

export const session = createSession<User>({
  wx: uni,
  exchange: (code) => service.miniLogin.mutate({ appId, code }),
})
export const api = createWxClient<AppRouter>({ links: [sessionLink(session), link] })
export const me: Promise<{ user: User }> = api.me.query()
