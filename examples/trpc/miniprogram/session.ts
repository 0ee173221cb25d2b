// sign-in: this file
import { createWxClient, wxLink } from '@mianmi/wx-link/client'
import { createSession } from '@mianmi/wx-session'
import { sessionLink } from '@mianmi/wx-session/trpc'
import type { AppRouter, User } from '../contract/router'
import { host } from './config'

const link = wxLink<AppRouter>({ url: `${host}/trpc`, request: wx.request })
const { signIn } = createWxClient<AppRouter>({ links: [link] })
export const session = createSession<User>({ wx, exchange: (code) => signIn.mutate({ code }) })
export const api = createWxClient<AppRouter>({ links: [sessionLink(session), link] })
void session.launch()
