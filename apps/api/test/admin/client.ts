import type { AdminRouter } from '@mianmi/contracts/admin'
import { createTRPCClient, httpLink } from '@trpc/client'
import { Secret, TOTP } from 'otpauth'
import { startService, type TestService } from '../harness.ts'

export const admin = { account: 'ops', password: 'a long enough secret' }

/** A service with one administrator, who has no second factor yet. */
export const startWithAdministrator = (
  env: Record<string, string> = {},
  surroundings: Parameters<typeof startService>[1] = {},
) =>
  startService(
    { ADMIN_ACCOUNT: admin.account, ADMIN_PASSWORD: admin.password, ...env },
    surroundings,
  )

const sessionCookie = '__Host-mianmi-operator'

/** A client like a browser. Stores the cookie and sends an Origin header. */
export function openBrowser(service: TestService, options: { origin?: string } = {}) {
  const cookies = new Map<string, string>()
  const setCookies: string[] = []
  const trpc = createTRPCClient<AdminRouter>({
    links: [
      httpLink({
        url: `${service.url()}/admin/trpc`,
        headers: () => ({
          origin: options.origin ?? service.url(),
          ...(cookies.size === 0 ? {} : { cookie: [...cookies.values()].join('; ') }),
        }),
        async fetch(input, init) {
          const response = await fetch(input as string, init as RequestInit)
          for (const line of response.headers.getSetCookie()) {
            setCookies.push(line)
            const [pair = ''] = line.split(';')
            const [name = ''] = pair.split('=')
            if (pair.endsWith('=')) cookies.delete(name)
            else cookies.set(name, pair)
          }
          return response
        },
      }),
    ],
  })
  return {
    admin: trpc,
    /** The session's, as the browser sends it. */
    cookie: () => cookies.get(sessionCookie) ?? null,
    carry: (value: string | null) => {
      if (value === null) cookies.delete(sessionCookie)
      else cookies.set(sessionCookie, value)
    },
    /** Forgets everything, as a browser on another machine knows nothing. */
    clear: () => cookies.clear(),
    setCookies,
  }
}

/** What the authenticator app shows `ahead` ms from the service's present. */
export function codeOf(service: TestService, secret: string, ahead = 0): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  return totp.generate({ timestamp: service.now() + ahead })
}

/** Signs in for the first time, with the app that this enrols. */
export async function enrol(
  service: TestService,
  browser = openBrowser(service),
  { account = admin, enrolmentCode = service.enrolmentCode() } = {},
) {
  await browser.admin.account.signIn.mutate(account)
  const { secret } = await browser.admin.account.enrol.mutate({ enrolmentCode })
  const code = codeOf(service, secret)
  const { recoveryCodes } = await browser.admin.account.proveCode.mutate({ code })
  return { browser, secret, recoveryCodes, code }
}
