import { TOTP } from 'otpauth'
import type { Browser, Console, ConsoleCall, ConsoleResult } from '../world/admin/console.ts'
import { adminAccount, adminPassword } from '../world/admin/create-console.ts'
import type { World } from '../world/world.ts'
import { type ProcessNode, resultsOf } from './service-node.ts'
import type { ObservedCall, Traffic } from './traffic.ts'

/** Procedures that change which user has what in a way that only the store decides: they run alone. */
const aloneCalls = ['conflicts.merge', 'conflicts.undo']

export interface ProcessConsole extends Console {
  /** Signs in and enrols an authenticator app. */
  enrol(enrolmentCode: string): Promise<void>
  /** Makes the oldest call that has to run alone, while everything else is held; null where there is none. */
  callAlone(): Promise<ObservedCall | null>
}

const cookies = { token: '__Host-mianmi-operator', browserToken: '__Host-mianmi-browser' } as const
const queries = ['list', 'view', 'current', 'merges', 'preview']

/** @param issuer the origin of the console's pages */
export function createProcessConsole(
  world: World,
  { traffic, issuer }: { traffic: Traffic; issuer: string },
): ProcessConsole {
  const browser: Browser = { token: null, browserToken: null }
  const alone: { call: ConsoleCall; resolve(result: ConsoleResult): void }[] = []

  const send = async (
    from: Browser,
    { path, input, accessToken = null }: ConsoleCall,
  ): Promise<{ result: ConsoleResult; observed: ObservedCall | null }> => {
    const living = (world.nodes as readonly ProcessNode[]).filter(({ life }) => life !== null)
    if (living.length === 0) return { result: { lost: true }, observed: null }
    const node = world.random.pick(living)
    const observed = traffic.begin({
      ...{ node: node.name, path: `admin.${path}`, input, callId: null, accessToken },
      ...{ at: Date.now(), arrivedAt: performance.now() },
    })
    const isQuery = queries.includes(path.split('.').at(-1) ?? '')
    const text = input === undefined ? undefined : JSON.stringify(input)
    const asked = text === undefined ? '' : `?input=${encodeURIComponent(text)}`
    const kept = [
      from.token === null ? '' : `${cookies.token}=${from.token}`,
      from.browserToken === null ? '' : `${cookies.browserToken}=${from.browserToken}`,
    ]
    const reply = await node.send({
      method: isQuery ? 'GET' : 'POST',
      url: `/admin/trpc/${path}${isQuery ? asked : ''}`,
      body: isQuery ? undefined : (text ?? '{}'),
      headers: {
        origin: issuer,
        cookie: kept.filter((cookie) => cookie !== '').join('; '),
        ...(accessToken === null ? {} : { authorization: `Bearer ${accessToken}` }),
      },
      address: '192.0.2.1',
      device: 'Console',
    })
    for (const cookie of reply?.cookies ?? []) keepCookie(from, cookie)
    const result = reply === null ? null : (resultsOf(reply.body, false)[0] ?? null)
    if (result !== null) world.observers.served({ ...observed, caller: null }, result)
    traffic.end(observed, result)
    return { result: result ?? { lost: true }, observed }
  }

  return {
    // Only lives ask for it, which no slow run has.
    freshCode: async () => null,
    async callFrom(from, call) {
      await traffic.admitted()
      return (await send(from, call)).result
    },
    async call(path, input) {
      if (aloneCalls.includes(path))
        return new Promise((resolve) => alone.push({ call: { path, input }, resolve }))
      await traffic.admitted()
      return (await send(browser, { path, input })).result
    },
    async callAlone() {
      const next = alone.shift()
      if (next === undefined) return null
      const { result, observed } = await send(browser, next.call)
      next.resolve(result)
      return observed
    },
    async enrol(enrolmentCode) {
      const call = async (path: string, input: object): Promise<unknown> => {
        const { result } = await send(browser, { path, input })
        if (!('data' in result)) throw new Error(`${path}: ${JSON.stringify(result)}`)
        return result.data
      }
      await call('account.signIn', { account: adminAccount, password: adminPassword })
      const { secret } = (await call('account.enrol', { enrolmentCode })) as { secret: string }
      await call('account.proveCode', { code: new TOTP({ secret }).generate() })
    },
  }
}

function keepCookie(browser: Browser, cookie: string): void {
  for (const [part, name] of Object.entries(cookies) as [keyof Browser, string][]) {
    if (!cookie.startsWith(`${name}=`)) continue
    const value = cookie.slice(name.length + 1).split(';')[0] ?? ''
    browser[part] = value === '' ? null : value
  }
}
