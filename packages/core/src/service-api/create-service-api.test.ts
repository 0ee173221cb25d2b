import { describe, expect, it } from 'vitest'
import {
  createTestService,
  reasonOf,
  registerTestUser,
  type TestService,
  type TestServiceOptions,
  testOrigin,
} from '../../testing/index.ts'
import { Failure } from '../failure.ts'
import type { ServiceScope } from '../service-keys/service-key.ts'
import { createServiceApi } from './create-service-api.ts'
import type { ServiceActor } from './service-api.ts'

/** A service with the user `ming`, and the caller with a key of these scopes. */
async function start(scopes: readonly ServiceScope[], options: TestServiceOptions = {}) {
  const service = createTestService(options)
  const { signedIn } = await registerTestUser(service, { account: 'ming' })
  const { key, hash } = service.ports.serviceKeyMaker.newKey()
  const stored = { id: 'key-1', name: 'pay', scopes, hash, at: service.clock.now() }
  await service.ports.serviceKeys.create(stored, null)
  const actor = await service.services.authenticate(key, testOrigin)
  return { ...service, service, key, actor, userId: signedIn.user.id, tokens: signedIn.tokens }
}

const linesOf = ({ events }: TestService) =>
  events
    .filter(({ action }) => action.startsWith('service.'))
    .map(({ action, outcome, userId }) => [action, outcome, userId])

describe('a service key', () => {
  it('is verified on every call, and noted once a minute', async () => {
    const { service, key, clock, ports } = await start(['introspect'])
    let notes = 0
    const noteUse = async () => void notes++
    const services = createServiceApi({
      ...ports,
      serviceKeys: { ...ports.serviceKeys, noteUse },
    })
    for (let call = 0; call < 3; call++) await services.authenticate(key, testOrigin)
    expect(notes).toBe(1)
    clock.advance(60_000)
    await services.authenticate(key, testOrigin)
    expect(notes).toBe(2)
    await service.ports.serviceKeys.revoke('key-1', clock.now())
    expect(await reasonOf(services.authenticate(key, testOrigin))).toBe('unauthenticated')
  })

  it('is accepted where its use cannot be noted', async () => {
    const { key, ports } = await start(['introspect'])
    const noteUse = () => Promise.reject(new Error('read-only'))
    const services = createServiceApi({
      ...ports,
      serviceKeys: { ...ports.serviceKeys, noteUse },
    })
    expect(await services.authenticate(key, testOrigin)).toMatchObject({ key: { name: 'pay' } })
  })

  it('that is refused has a line, and one that was not sent has none', async () => {
    const { service, services } = await start(['introspect'])
    expect(await reasonOf(services.authenticate('mk_9', testOrigin))).toBe('unauthenticated')
    expect(await reasonOf(services.authenticate('no key', testOrigin))).toBe('unauthenticated')
    expect(await reasonOf(services.authenticate(null, testOrigin))).toBe('unauthenticated')
    const line = ['service.authenticate', 'unauthenticated', null]
    expect(linesOf(service)).toEqual([line, line])
  })
})

describe('introspection', () => {
  it('accepts what the calls of the user accept, with the times of the token', async () => {
    const { services, actor, tokens, clock, userId } = await start(['introspect'])
    expect(await services.introspect(actor, tokens.accessToken)).toMatchObject({
      userId,
      appId: 'wx1',
      externalId: null,
      expiresAt: tokens.accessTokenExpiresAt,
    })
    for (const text of [tokens.refreshToken, 'x', ''])
      expect(await services.introspect(actor, text)).toBeNull()
    clock.advance(tokens.accessTokenExpiresAt - clock.now())
    expect(await services.introspect(actor, tokens.accessToken)).toBeNull()
  })

  it('refuses the session of a disabled user, of an administrator, and of another user', async () => {
    const { services, actor, tokens, store, userId } = await start(['introspect'])
    const user = store.state.users.get(userId)
    if (user === undefined) throw new Error('the user is gone')
    for (const change of [{ disabledAt: 1 }, { role: 'admin' as const }]) {
      store.state.users.set(userId, { ...user, ...change })
      expect(await services.introspect(actor, tokens.accessToken)).toBeNull()
    }
    store.state.users.set(userId, user)
    expect(await services.introspect(actor, tokens.accessToken)).not.toBeNull()
  })

  it('passes on what is no fault of the token', async () => {
    const { ports, actor, tokens } = await start(['introspect'])
    const findSession = () => Promise.reject(new Failure('overloaded'))
    const services = createServiceApi({
      ...ports,
      serviceUsers: { ...ports.serviceUsers, findSession },
    })
    expect(await reasonOf(services.introspect(actor, tokens.accessToken))).toBe('overloaded')
  })
})

describe('what reads or changes a user', () => {
  it('has a line under the key, with the user it found', async () => {
    const { service, services, actor, userId } = await start([
      'users:read',
      'phones:read',
      'users:write',
      'sessions:end',
    ])
    await services.viewUser(actor, { userId })
    await services.changeUser(actor, userId, { externalId: 'e-1' })
    expect(await reasonOf(services.viewUser(actor, { externalId: 'e-2' }))).toBe('not_found')
    await services.endUserSessions(actor, userId)
    expect(linesOf(service)).toEqual([
      ['service.users.read', 'ok', userId],
      ['service.phones.read', 'ok', userId],
      ['service.users.write', 'started', userId],
      ['service.users.write', 'ok', userId],
      ['service.users.read', 'not_found', null],
      ['service.sessions.end', 'started', userId],
      ['service.sessions.end', 'ok', userId],
    ])
    const by = { adminId: 'key-1', origin: { ...testOrigin, device: 'service key pay' } }
    for (const event of service.events.slice(-7)) expect(event).toMatchObject(by)
  })

  it('shows nothing and changes nothing where its line cannot be written', async () => {
    const { service, actor, ports, userId } = await start(['users:read', 'users:write'])
    const write = () => Promise.reject(new Failure('overloaded'))
    const services = createServiceApi({ ...ports, audit: { ...ports.audit, write } })
    expect(await reasonOf(services.viewUser(actor, { userId }))).toBe('overloaded')
    const change = services.changeUser(actor, userId, { disabled: true })
    expect(await reasonOf(change)).toBe('overloaded')
    expect(service.store.state.users.get(userId)?.disabledAt).toBeNull()
  })

  it('needs its scope, of which no other one is a part', async () => {
    const { service, services, userId } = await start([])
    const calls: [ServiceScope, (actor: ServiceActor) => Promise<unknown>][] = [
      ['introspect', (actor) => services.introspect(actor, 'x')],
      ['users:read', (actor) => services.viewUser(actor, { userId })],
      ['users:write', (actor) => services.changeUser(actor, userId, { externalId: null })],
      ['sessions:end', (actor) => services.endUserSessions(actor, userId)],
    ]
    const all = [...calls.map(([scope]) => scope), 'identities:read', 'phones:read'] as const
    for (const [scope, call] of calls) {
      const key = { id: 'key-2', name: 'other', scopes: all.filter((each) => each !== scope) }
      expect(await reasonOf(call({ key, origin: testOrigin }))).toBe('forbidden')
      await call({ key: { ...key, scopes: [scope] }, origin: testOrigin })
    }
    expect(linesOf(service).map(([action, outcome]) => `${action} ${outcome}`)).toEqual([
      'service.users.read forbidden',
      'service.users.read ok',
      'service.users.write forbidden',
      'service.users.write started',
      'service.users.write ok',
      'service.sessions.end forbidden',
      'service.sessions.end started',
      'service.sessions.end ok',
    ])
  })

  it('is limited for each key and kind of call, and refused calls leave no line', async () => {
    const { service, services, actor, userId, clock } = await start(['users:read', 'users:write'], {
      policy: { rateLimitFactor: 0.005 },
    })
    const change = () => services.changeUser(actor, userId, { externalId: null })
    for (let call = 0; call < 3; call++) await change()
    const before = linesOf(service).length
    expect(await reasonOf(change())).toBe('rate_limited')
    expect(linesOf(service)).toHaveLength(before)
    await services.viewUser(actor, { userId })
    const other = { ...actor, key: { ...actor.key, id: 'key-2' } }
    await services.changeUser(other, userId, { externalId: null })
    clock.advance(59_999)
    expect(await reasonOf(change())).toBe('rate_limited')
    clock.advance(1)
    await change()
  })
})
