import type { PasswordCaller, Passwords, UserService } from '@mianmi/core'
import type { AdminPorts, AdminService } from '@mianmi/core/admin'
import type { RootKey, ServerSide } from '../../product/load-product.ts'
import type { World } from '../world.ts'
import { createLife } from './life.ts'
import { overLife } from './ports.ts'
import { serve } from './serve.ts'
import type { Life, ServiceNode } from './service.ts'
import { simulatedAccessTokens } from './tokens.ts'

const storePorts = [
  'users',
  'identities',
  'tickets',
  'codes',
  'sessions',
  'limits',
  'people',
  'merges',
  'administrators',
  'roles',
] as const

const secretOf = (key: number): Uint8Array => Buffer.alloc(32, `secret ${key} `)

export function createNode(world: World, name: string): ServiceNode {
  let life: Life | null = null
  let running: { users: UserService; admin: AdminService } | null = null
  const alive = () => {
    if (running === null) throw new Error(`${name} is down`)
    return running
  }
  const node: ServiceNode = {
    name,
    clockOffset: 0,
    keys: [1],
    get life() {
      return life
    },
    get users() {
      return alive().users
    },
    get admin() {
      return alive().admin
    },
    start() {
      if (life !== null) return
      // Several nodes go by the clock of their database, which each measures when it starts.
      node.clockOffset = world.serviceClock
      life = createLife(world, name, () => {
        life = null
        running = null
        world.observers.nodeDied(name)
      })
      const ports = createPorts(world, node, life)
      const { createUserService, createAdminService } = world.product.server
      running = { users: createUserService(ports), admin: createAdminService(ports) }
    },
    kill: () => life?.end(),
    serve: (request) => serve(world, node, request),
  }
  return node
}

function createPorts(world: World, node: ServiceNode, life: Life): AdminPorts {
  const { server } = world.product
  const root = rootKeyOf(server, node.keys)
  const now = () => world.timeline.now + node.clockOffset
  const stores = Object.fromEntries(
    storePorts.map((name) => [name, overLife(world, life, { name, port: world.store[name] })]),
  ) as Pick<AdminPorts, (typeof storePorts)[number]>
  const wechat = server.createWechat({
    apps: Object.fromEntries(world.config.appIds.map((appId) => [appId, `secret of ${appId}`])),
    baseUrl: `https://${node.name}`,
    now,
  })
  const gateway = server.createWechatGateway(wechat)
  return {
    ...world.store,
    ...stores,
    // As on PostgreSQL: the nodes count refused codes together.
    limits: { ...stores.limits, isShared: true },
    tokens: {
      ...server.createOpaqueTokens(root),
      ...simulatedAccessTokens(world.config.accessTokenTtl),
    },
    passwords: createPasswords(world, life),
    // A dead node hears no reply of WeChat.
    wechat: overLifeOnly(life, gateway),
    vault: server.createSessionKeyVault(root),
    openData: world.openData,
    inflate: async () => null,
    ...world.secondFactor,
    serviceKeyMaker: { newKey: unmade, hash: unmade } as never,
    webhookSecrets: { newSecret: unmade, seal: unmade, open: unmade } as never,
    webhookUrls: { check: unmade } as never,
    appTester: { test: async () => ({ finding: 'ok', errcode: 0, address: null, durationMs: 1 }) },
    appIds: world.config.appIds,
    appNames: new Map(),
    settings: () => [],
    health: () => world.health,
    now,
    pause: (ms) => life.spend(ms),
    policy: {
      signUp: world.config.signUp,
      refreshTokenTtl: 30 * 24 * 3_600_000,
      ticketTtl: 300_000,
      phoneTrust: world.config.phoneTrust,
      rateLimitFactor: world.config.rateLimitFactor,
    },
  }
}

const rootKeys = new WeakMap<ServerSide, Map<string, RootKey>>()

/** The keys of a SECRET_KEY. Deriving them takes longer than the rest of a start, and gives the same each time. */
function rootKeyOf(server: ServerSide, keys: readonly number[]): RootKey {
  const known = rootKeys.get(server) ?? new Map<string, RootKey>()
  rootKeys.set(server, known)
  const name = keys.join()
  const [first = 1, ...others] = keys
  const root = known.get(name) ?? server.createRootKey(secretOf(first), ...others.map(secretOf))
  known.set(name, root)
  return root
}

/** Service keys are not simulated. */
const unmade = (): never => {
  throw new Error('the simulation has no service keys')
}

/** Lets a node die before and after each call of a port. */
function overLifeOnly<Port extends object>(life: Life, port: Port): Port {
  const wrapped = Object.entries(port).map(
    ([verb, run]: [string, (...args: unknown[]) => unknown]) => [
      verb,
      async (...args: unknown[]) => {
        await life.pass()
        const result = await Promise.resolve(run(...args)).then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        )
        await life.pass()
        if ('error' in result) throw result.error
        return result.value
      },
    ],
  )
  return Object.fromEntries(wrapped) as Port
}

/** Passwords whose hashes show them. A comparison takes time, in which others act. */
function createPasswords(world: World, life: Life): Passwords {
  const work = async (_caller: PasswordCaller | undefined): Promise<void> => {
    await life.spend(world.random.between(20, 120))
    if (world.random.chance(world.noise.overloaded))
      throw new world.product.server.Failure('overloaded', { retryAfter: 1 })
  }
  return {
    async hash(password, caller) {
      await work(caller)
      return hashOf(password)
    },
    async verify(password, hash, caller) {
      await work(caller)
      return hash === hashOf(password)
    },
    isRenewable: () => false,
    isCommon: async (password) => password === 'password',
  }
}

export const hashOf = (password: string): string => `hash of ${password}`
