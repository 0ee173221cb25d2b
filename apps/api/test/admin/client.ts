import type { AdminRouter } from '@mianmi/contracts/admin'
import { createTRPCClient, httpLink } from '@trpc/client'
import { Secret, TOTP } from 'otpauth'
import { startService, type TestService } from '../harness.ts'

export const admin = { account: 'ops', password: 'a long enough secret' }

/** A service with one administrator, who has no second factor yet. */
export const startWithAdministrator = (env: Record<string, string> = {}) =>
  startService({ ADMIN_ACCOUNT: admin.account, ADMIN_PASSWORD: admin.password, ...env })

/** A client like a browser. Stores the cookie and sends an Origin header. */
export function openBrowser(service: TestService, options: { origin?: string } = {}) {
  let cookie: string | null = null
  const setCookies: string[] = []
  const trpc = createTRPCClient<AdminRouter>({
    links: [
      httpLink({
        url: `${service.url()}/admin/trpc`,
        headers: () => ({
          origin: options.origin ?? service.url(),
          ...(cookie === null ? {} : { cookie }),
        }),
        async fetch(input, init) {
          const response = await fetch(input as string, init as RequestInit)
          for (const line of response.headers.getSetCookie()) {
            setCookies.push(line)
            const [pair = ''] = line.split(';')
            cookie = pair.endsWith('=') ? null : pair
          }
          return response
        },
      }),
    ],
  })
  return {
    admin: trpc,
    cookie: () => cookie,
    carry: (value: string | null) => {
      cookie = value
    },
    setCookies,
  }
}

/** What the authenticator app shows `ahead` ms from the service's present. */
export function codeOf(service: TestService, secret: string, ahead = 0): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  return totp.generate({ timestamp: service.now() + ahead })
}

/** Signs in for the first time, with the app that this enrols. */
export async function enrol(service: TestService, browser = openBrowser(service)) {
  await browser.admin.account.signIn.mutate(admin)
  const { secret } = await browser.admin.account.enrol.mutate()
  const code = codeOf(service, secret)
  const { recoveryCodes } = await browser.admin.account.proveCode.mutate({ code })
  return { browser, secret, recoveryCodes, code }
}
