import { beforeEach, describe, expect, it } from 'vitest'
import { createUserStore, type Database } from '../../src/store/sqlite/index.ts'
import {
  appId,
  login,
  otherAppId,
  reasonOf,
  register,
  startService,
  type TestService,
} from '../harness.ts'
import { callV1, createKey } from './service-client.ts'

const all = ['users:read', 'identities:read', 'phones:read', 'users:write', 'sessions:end'] as const

function makeAdmin(database: Database, userId: string): void {
  database.writeNow(() =>
    database.sqlite.prepare(`update users set role = 'admin' where id = ?`).run(userId),
  )
}

let service: TestService
let key: string
let user: { id: string }
let accessToken: string

beforeEach(async () => {
  service = await startService()
  ;({ key } = await createKey(service, all))
  const registered = await register(service, 'ming', 'ming')
  user = registered.user
  accessToken = registered.tokens.accessToken
})

describe('GET /v1/users', () => {
  it('shows a user, and of identities and number what the key may read', async () => {
    const code = await service.phoneCode('ming')
    await service.client(accessToken).account.bindPhone.mutate({ code })
    const plain = {
      id: user.id,
      externalId: null,
      account: 'ming',
      nickname: null,
      avatarUrl: null,
      disabled: false,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    }
    const identities = [{ appId, openid: expect.any(String), unionid: expect.anything() }]
    const phone = expect.stringMatching(/^\d{11}$/)
    const seen = async (scopes: readonly (typeof all)[number][]) => {
      const { key: other } = await createKey(service, scopes)
      return (await callV1(service, other, ['GET', `/users/${user.id}`])).body
    }
    expect(await seen(['users:read'])).toEqual(plain)
    expect(await seen(['users:read', 'identities:read'])).toEqual({ ...plain, identities })
    expect(await seen(['users:read', 'phones:read'])).toEqual({ ...plain, phone })
    expect(await seen(all)).toEqual({ ...plain, identities, phone })
  })

  it('finds by the external id and by an openid with its app', async () => {
    await callV1(service, key, ['PATCH', `/users/${user.id}`, { externalId: '用户 42&x=1' }])
    const { body } = await callV1(service, key, ['GET', `/users/${user.id}`])
    const { openid } = body.identities[0]
    const find = (query: Record<string, string>) =>
      callV1(service, key, ['GET', `/users?${new URLSearchParams(query)}`])
    expect((await find({ externalId: '用户 42&x=1' })).body).toEqual(body)
    expect((await find({ appId, openid })).body).toEqual(body)
    for (const query of [
      { externalId: '用户 42' },
      { appId: otherAppId, openid },
      { appId, openid: `${openid}x` },
    ]) {
      const { status, body: problem } = await find(query)
      expect([status, problem.reason]).toEqual([404, 'not_found'])
    }
  })

  it.each([
    '',
    '?externalId=',
    '?externalId=a&externalId=b',
    '?externalId=a&appId=b&openid=c',
    '?appId=b',
    '?openid=c',
    '?externalId=a&limit=1',
    '?externalId=a%00',
    '?externalId=%20a',
    '?externalId=%ff',
    '?externalId=%zz',
    '?externalId=100%',
    `?externalId=${'a'.repeat(256)}`,
  ])('refuses %j', async (query) => {
    const { status, body } = await callV1(service, key, ['GET', `/users${query}`])
    expect([status, body.reason]).toEqual([400, 'invalid_input'])
  })

  it('refuses a query where none is taken, and an id that is too long or has U+0000', async () => {
    for (const path of [
      `/users/${user.id}?x=1`,
      `/users/${'a'.repeat(65)}`,
      '/users/a%00b',
      '/users/%zz',
    ]) {
      const { status, body } = await callV1(service, key, ['GET', path])
      expect([status, body.reason]).toEqual([400, 'invalid_input'])
    }
  })
})

describe('PATCH /v1/users/{id}', () => {
  it('sets the external id, once in the service, and removes it', async () => {
    const other = await register(service, 'hong', 'hong')
    const set = (id: string, externalId: string | null) =>
      callV1(service, key, ['PATCH', `/users/${id}`, { externalId }])
    expect((await set(user.id, '42')).body).toMatchObject({ id: user.id, externalId: '42' })
    const taken = await set(other.user.id, '42')
    expect([taken.status, taken.body.reason]).toEqual([409, 'account_taken'])
    expect((await set(user.id, null)).body.externalId).toBeNull()
    expect((await set(other.user.id, '42')).status).toBe(200)
  })

  it('disables with the end of every session, and enables', async () => {
    const change = (disabled: boolean) =>
      callV1(service, key, ['PATCH', `/users/${user.id}`, { disabled }])
    expect((await change(true)).body.disabled).toBe(true)
    expect(await reasonOf(service.client(accessToken).me.query())).toBe('unauthenticated')
    expect(await reasonOf(login(service, 'ming'))).toBe('user_disabled')
    expect((await change(false)).body.disabled).toBe(false)
    expect((await login(service, 'ming')).status).toBe('signedIn')
  })

  it('shows a key that may not read users nothing but what it may set', async () => {
    const { key: writer } = await createKey(service, ['users:write'])
    const { body } = await callV1(service, writer, [
      'PATCH',
      `/users/${user.id}`,
      { externalId: '7' },
    ])
    expect(body).toEqual({ id: user.id, externalId: '7', disabled: false })
  })

  it('takes a merge patch, and refuses what it does not know', async () => {
    const send = (body: unknown, headers = {}) =>
      callV1(service, key, ['PATCH', `/users/${user.id}`, body], headers)
    const type = { 'content-type': 'application/merge-patch+json' }
    expect((await send({ externalId: '7' }, type)).status).toBe(200)
    for (const body of [
      {},
      undefined,
      { role: 'admin' },
      { externalId: '7', account: 'x' },
      { externalId: 7 },
      { externalId: '' },
      { externalId: 'a\u0000' },
      { disabled: 'yes' },
      [],
    ])
      expect((await send(body)).body.reason).toBe('invalid_input')
    expect((await send('disabled=true')).status).toBe(415)
    expect((await send({ externalId: 'a'.repeat(70_000) })).status).toBe(400)
  })
})

describe('DELETE /v1/users/{id}/sessions', () => {
  it('ends all sessions, and says how many', async () => {
    const again = await login(service, 'ming')
    const end = () => callV1(service, key, ['DELETE', `/users/${user.id}/sessions`])
    expect((await end()).body).toEqual({ ended: 2 })
    expect((await end()).body).toEqual({ ended: 0 })
    const token = again.status === 'signedIn' ? again.tokens.accessToken : ''
    expect(await reasonOf(service.client(token).me.query())).toBe('unauthenticated')
  })
})

it('an administrator and a deleted user do not exist in /v1', async () => {
  const deleted = await register(service, 'hong', 'hong')
  const { identities } = (await callV1(service, key, ['GET', `/users/${user.id}`])).body
  await callV1(service, key, ['PATCH', `/users/${user.id}`, { externalId: '42' }])
  makeAdmin(service.database(), user.id)
  await createUserStore(service.database()).remove(deleted.user.id)
  const { openid } = identities[0]
  for (const id of [user.id, deleted.user.id])
    for (const call of [
      ['GET', `/users/${id}`],
      ['PATCH', `/users/${id}`, { disabled: true }],
      ['PATCH', `/users/${id}`, { externalId: '43' }],
      ['DELETE', `/users/${id}/sessions`],
    ] as const)
      expect((await callV1(service, key, call)).status).toBe(404)
  for (const query of ['externalId=42', `appId=${appId}&openid=${openid}`])
    expect((await callV1(service, key, ['GET', `/users?${query}`])).status).toBe(404)
  const row = service.database().sqlite.prepare('select disabled_at as at from users where id = ?')
  expect(row.get(user.id)).toEqual({ at: null })
})
