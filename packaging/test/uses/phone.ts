import { linkError, type WxLinkOptions } from '@mianmi/wx-link'
import { createWxClient, isClientError, wxLink } from '@mianmi/wx-link/client'
import { createSession, type Session } from '@mianmi/wx-session'
import { actionOfWxError, type WxAction } from '@mianmi/wx-session/actions'
import { createPrivacyBroker, type PrivacyRequest } from '@mianmi/wx-session/privacy'
import { createScopes, type ScopeResult } from '@mianmi/wx-session/scopes'
import { sessionLink } from '@mianmi/wx-session/trpc'
import type { inferRouterOutputs } from '@trpc/server'
import { initTRPC } from '@trpc/server'

const t = initTRPC.create()
const router = t.router({ me: t.procedure.query(() => ({ id: '1' })) })
type AppRouter = typeof router
type User = inferRouterOutputs<AppRouter>['me']

const options: WxLinkOptions<AppRouter> = { url: 'https://example.com/trpc', request: wx.request }
const link = wxLink<AppRouter>(options)
export const session: Session<User> = createSession<User>({
  wx,
  exchange: async (code) => ({
    status: 'signedIn',
    tokens: { accessToken: code },
    user: { id: code },
  }),
})
export const api = createWxClient<AppRouter>({ links: [sessionLink(session), link] })
export const me: Promise<User> = api.me.query()
export const orders = session.request({ url: 'https://example.com/orders' })
export const location: Promise<ScopeResult> = createScopes({ wx }).ensure('scope.userLocation')
export const waiting: PrivacyRequest | null = createPrivacyBroker({ wx }).request
export const action: WxAction | null = actionOfWxError(new Error())
export const isKnown: boolean = isClientError(new Error()) && linkError(new Error()) !== null

// @ts-expect-error: the types are there, and not `any`
createSession<User>({ wx: 1 })
// @ts-expect-error: as above
api.me.mutate()
// @ts-expect-error: as above
sessionLink(1)
