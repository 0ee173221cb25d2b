import type { AppRouter } from '@mianmi/contracts'
import { createWxClient, wxLink } from '@mianmi/wx-link/client'

/** Milliseconds. WeChat's default of 60 s is too long to wait at a spinner. */
const timeout = 15_000

export const serviceLink = wxLink<AppRouter>({
  url: `${__SERVICE_URL__}/trpc`,
  request: wx.request,
  timeout,
})

/** The service without a sign-in: calls have no token and do not wait. */
export const service = createWxClient<AppRouter>({ links: [serviceLink] })

export const appId = wx.getAccountInfoSync().miniProgram.appId
