import type { Identity, LimitedUse, NewSession, NewUser, SignInRules } from '@mianmi/core'
import { configuredApps, type TestedStores } from '@mianmi/core/testing/conformance'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import {
  openPostgres,
  type Postgres,
  type PostgresOptions,
} from '../../../src/store/postgres/connection/index.ts'
import { createPostgresStores } from './postgres-stores.ts'

export const now = 1_800_000_000_000
export const hour = 3_600_000

/** One process of the service on a database, without the rest of the service. */
export interface TestNode {
  readonly postgres: Postgres
  readonly stores: TestedStores
}

/** Opens a node until the test ends. */
export async function openNode(url: string, options: PostgresOptions = {}): Promise<TestNode> {
  const postgres = await openPostgres(url, options)
  onTestFinished(() => postgres.close())
  return { postgres, stores: await createPostgresStores(postgres) }
}

export const openNodes = (url: string, count: number): Promise<TestNode[]> =>
  Promise.all(Array.from({ length: count }, () => openNode(url)))

/** A connection of the test itself. */
export async function openClient(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  // Tests end the connections of a server.
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

let serial = 0
export const unique = (prefix: string): string => `${prefix}-${String(++serial).padStart(6, '0')}`

export function newIdentity(change: Partial<Identity> = {}): Identity {
  const key = { sealed: unique('sealed'), fingerprint: unique('fingerprint') }
  return { appId: 'wx1', openid: unique('openid'), unionid: null, key, ...change }
}

export const newSession = (change: Partial<NewSession> = {}): NewSession => ({
  ...{ id: unique('session'), appId: 'wx1', device: null, secret: 'secret' },
  ...{ createdAt: now, expiresAt: now + hour, ...change },
})

export const newUser = (): NewUser => ({
  ...{ id: unique('user'), account: null, accountKey: null, passwordHash: 'hash', createdAt: now },
})

export const useOf = ({ appId, openid }: Identity): LimitedUse => ({
  ...{ key: `login ${appId} ${openid}`, limit: 1_000_000, windowMs: hour, now, unwritten: 0 },
})

export const rules: SignInRules = { appIds: configuredApps, phoneTrust: 90 * 24 * hour, now }

/** A user with one identity and a session. */
export interface Person {
  readonly identity: Identity
  readonly userId: string
  readonly session: NewSession
}

export async function register(
  { stores }: TestNode,
  identity: Identity = newIdentity(),
): Promise<Person> {
  const session = newSession({ appId: identity.appId })
  const claim = { identity, ticketHash: null }
  const result = await stores.identities.register({ claim, user: newUser(), session })
  if (result.status !== 'bound') throw new Error(`not registered: ${result.status}`)
  return { identity, userId: result.user.id, session }
}

export const signIn = ({ stores }: TestNode, identity: Identity, session = newSession()) =>
  stores.identities.signIn({ identity, session, use: useOf(identity) })

/** Calls that are all started before the first one ends. */
export const race = <T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)))

/** Of the current database, since its statistics began. */
export async function countDeadlocks(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ deadlocks: string }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  )
  return Number(rows[0]?.deadlocks)
}
