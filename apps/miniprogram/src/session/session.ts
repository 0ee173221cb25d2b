import type { AppRouter, User } from '@mianmi/contracts'
import { createWxClient } from '@mianmi/wx-link/client'
import { createSession } from '@mianmi/wx-session'
import { sessionLink } from '@mianmi/wx-session/trpc'
import { appId, service, serviceLink } from './service.ts'

export const session = createSession<User>({
  wx,
  exchange: (code) => service.miniLogin.mutate({ appId, code }),
  refresh: (refreshToken) => service.session.refresh.mutate({ refreshToken }),
})

/** The service with the session: calls wait for the launch and have the token. */
export const api = createWxClient<AppRouter>({ links: [sessionLink(session), serviceLink] })
