import type { ErrorShape } from '@mianmi/contracts'
import type { AdminContext } from '@mianmi/contracts/admin'
import { hashOf } from '../server/node.ts'
import type { ServiceNode } from '../server/service.ts'
import type { World } from '../world.ts'
import type { Browser, Console, ConsoleCall, ConsoleResult } from './console.ts'

export const adminAccount = 'root'
export const adminPassword = 'password of root'
const enrolmentCode = 'enrolment code'
const consoleAddress = '192.0.2.1'

/** Makes an administrator who may enrol an authenticator app. */
export function addAdministrator(world: World): void {
  const { state } = world.store
  const id = 'administrator'
  state.users.set(id, {
    id,
    account: adminAccount,
    accountKey: adminAccount,
    passwordHash: hashOf(adminPassword),
    externalId: null,
    phone: null,
    phoneProvenAt: null,
    nickname: null,
    avatarUrl: null,
    role: 'admin',
    disabledAt: null,
    createdAt: world.timeline.now,
    mergedInto: null,
    mergedUntil: null,
  })
  const hash = world.secondFactor.enrolmentCodes.hash(enrolmentCode)
  state.enrolments.set(id, { hash, expiresAt: world.timeline.now + 24 * 3_600_000 })
}

export function createConsole(world: World): Console {
  const browser: Browser = { token: null, browserToken: null }
  let secret: string | null = null
  let signingIn: Promise<boolean> | null = null

  const codeAt = (known: string): string => {
    const totp = world.secondFactor.totp as unknown as {
      codeAt(secret: string, now: number): string
    }
    return totp.codeAt(known, world.timeline.now)
  }
  const signIn = async (): Promise<boolean> => {
    browser.token = null
    const first = await callAdmin(world, browser, {
      path: 'account.signIn',
      input: { account: adminAccount, password: adminPassword },
    })
    if (!('data' in first)) return false
    if (secret === null) {
      const enrolled = await callAdmin(world, browser, {
        path: 'account.enrol',
        input: { enrolmentCode },
      })
      if (!('data' in enrolled)) return false
      secret = (enrolled.data as { secret: string }).secret
    }
    const code = codeAt(secret)
    const proved = await callAdmin(world, browser, { path: 'account.proveCode', input: { code } })
    return 'data' in proved
  }

  const callSignedIn = async (path: string, input: unknown): Promise<ConsoleResult> => {
    if (browser.token === null) {
      signingIn ??= signIn().finally(() => {
        signingIn = null
      })
      if (!(await signingIn)) return { lost: true }
    }
    const result = await callAdmin(world, browser, { path, input })
    if ('reason' in result && result.reason === 'unauthenticated') browser.token = null
    return result
  }

  return {
    freshCode: async () => (secret === null ? null : codeAt(secret)),
    callFrom: (from, call) => callAdmin(world, from, call),
    async call(path, input) {
      const result = await callSignedIn(path, input)
      // The session is over after half an hour without a call, and the administrator signs in again.
      const isOver = 'reason' in result && result.reason === 'unauthenticated'
      return isOver ? callSignedIn(path, input) : result
    },
  }
}

/** Calls a procedure of the admin router from a browser, at a node that lives. */
function callAdmin(
  world: World,
  browser: Browser,
  { path, input, accessToken = null }: ConsoleCall,
): Promise<ConsoleResult> {
  const living = world.nodes.filter((node) => node.life !== null)
  if (living.length === 0) return Promise.resolve({ lost: true })
  const node = world.random.pick(living)
  return new Promise((resolve) => {
    const forgetDeath = world.onDeath(node, node.life, () => resolve({ lost: true }))
    answer(world, node, { path, input, ctx: contextOf(node, browser, accessToken) }).then(
      (result) => {
        forgetDeath()
        resolve(result)
      },
    )
  })
}

async function answer(
  world: World,
  node: ServiceNode,
  { path, input, ctx }: { path: string; input: unknown; ctx: AdminContext },
): Promise<ConsoleResult> {
  const { server } = world.product
  const types: Record<string, string> = {
    list: 'query',
    view: 'query',
    current: 'query',
    merges: 'query',
    preview: 'query',
  }
  const name = path.split('.').at(-1) ?? ''
  const call = {
    node: node.name,
    path: `admin.${path}`,
    input,
    callId: null,
    accessToken: null,
    consoleToken: ctx.token,
    knownBrowser: ctx.browserToken,
    address: consoleAddress,
    startedAt: world.timeline.now,
    caller: null,
  }
  world.observers.called(call)
  try {
    const data = await server.callTRPCProcedure({
      router: server.adminRouter,
      path,
      getRawInput: async () => input,
      ctx,
      type: (types[name] ?? 'mutation') as 'query' | 'mutation',
      signal: undefined,
      batchIndex: 0,
    })
    world.observers.served(call, { data })
    return { data }
  } catch (cause) {
    const error = server.getTRPCErrorFromUnknown(cause)
    const config = server.adminRouter._def._config
    const shape = server.getTRPCErrorShape({
      config,
      error,
      type: 'mutation',
      path,
      input,
      ctx,
    }) as ErrorShape
    world.observers.served(call, { reason: shape.data.reason, error: error.cause ?? error })
    return { reason: shape.data.reason }
  }
}

function contextOf(node: ServiceNode, browser: Browser, accessToken: string | null): AdminContext {
  return {
    admin: node.admin,
    authenticateUser: node.users.authenticate,
    accessToken,
    origin: { address: consoleAddress, device: 'Console' },
    traceId: 'trace',
    crossOrigin: false,
    token: browser.token,
    setToken: (token) => {
      browser.token = token
    },
    browserToken: browser.browserToken,
    setBrowserToken: (token) => {
      browser.browserToken = token
    },
  }
}
