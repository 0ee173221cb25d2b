import type { AppRouter } from '@mianmi/contracts'
import { createWxClient, wxLink } from '@mianmi/wx-link/client'

/** Milliseconds. WeChat's own default of 60 s leaves a person alone with a spinner for too long. */
const timeout = 15_000

export const serviceLink = wxLink<AppRouter>({
  url: `${__SERVICE_URL__}/trpc`,
  request: wx.request,
  timeout,
})

/** The service for somebody who is not signed in yet: carries no token and waits for nothing. */
export const service = createWxClient<AppRouter>({ links: [serviceLink] })

export const appId = wx.getAccountInfoSync().miniProgram.appId
