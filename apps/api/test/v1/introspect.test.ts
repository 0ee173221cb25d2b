import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { createServiceKeyStore, createServiceUserStore } from '../../src/store/sqlite/index.ts'
import { appId, register, startService, type TestService } from '../harness.ts'
import { callV1, createKey, introspect } from './service-client.ts'

describe('POST /v1/introspect', () => {
  let service: TestService
  let key: string
  beforeEach(async () => {
    service = await startService()
    ;({ key } = await createKey(service, ['introspect']))
  })
  const isInactive = async (token: string): Promise<void> => {
    const { status, body } = await introspect(service, key, token)
    expect([status, body]).toEqual([200, { active: false }])
  }

  it('says of a valid access token what it says, and what its user is to the team', async () => {
    const { tokens, user } = await register(service, 'ming', 'ming')
    const { jti: _, ...claims } = decodeJwt(tokens.accessToken)
    const { status, headers, body } = await introspect(service, key, tokens.accessToken)
    expect(status).toBe(200)
    expect(body).toEqual({ active: true, ...claims })
    expect(body).toMatchObject({ sub: user.id, client_id: appId, aud: appId })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    const users = createServiceUserStore(service.database())
    await users.update(user.id, { externalId: '42', at: service.now() })
    expect((await introspect(service, key, tokens.accessToken)).body.externalId).toBe('42')
  })

  it('says nothing but that it is not active of any other text', async () => {
    const { tokens } = await register(service, 'ming', 'ming')
    const { accessToken: token, refreshToken } = tokens
    const [header, claims, signature = ''] = token.split('.')
    const last = signature.at(-1) === 'A' ? 'Q' : 'A'
    const forged = `${header}.${claims}.${signature.slice(0, -1)}${last}`
    for (const text of [refreshToken, forged, `${token}=`, `${token} `, 'x', key, '...'])
      await isInactive(text)
    await isInactive('x'.repeat(60_000))
  })

  it('takes the end of a session, and a disabling, at once', async () => {
    const one = await register(service, 'ming', 'ming')
    const two = await register(service, 'hong', 'hong')
    await service.client(one.tokens.accessToken).session.signOut.mutate()
    await isInactive(one.tokens.accessToken)
    expect((await introspect(service, key, two.tokens.accessToken)).body.active).toBe(true)
    const users = createServiceUserStore(service.database())
    await users.update(two.user.id, { disabled: true, at: service.now() })
    await isInactive(two.tokens.accessToken)
    await users.update(two.user.id, { disabled: false, at: service.now() })
    await isInactive(two.tokens.accessToken)
  })

  it('takes the time of the token to the millisecond', async () => {
    const { tokens } = await register(service, 'ming', 'ming')
    service.passTime(Date.parse(tokens.accessTokenExpiresAt) - service.now() - 1_000)
    expect((await introspect(service, key, tokens.accessToken)).body.active).toBe(true)
    service.passTime(1_000)
    await isInactive(tokens.accessToken)
  })

  it('accepts the key as clients of OAuth send theirs', async () => {
    const { tokens } = await register(service, 'ming', 'ming')
    const form = { token: tokens.accessToken, token_type_hint: 'access_token' }
    const send = (more: object, headers: Record<string, string> = {}) => {
      const body = new URLSearchParams({ ...form, ...more }).toString()
      return callV1(service, null, ['POST', '/introspect', body], headers)
    }
    const basic = (text: string) => ({
      authorization: `Basic ${Buffer.from(text).toString('base64')}`,
    })
    expect((await send({}, basic(`pay:${key}`))).body.active).toBe(true)
    expect((await send({}, basic(`pay:${key.replaceAll('_', '%5F')}`))).body.active).toBe(true)
    expect((await send({ client_secret: '' }, basic(`pay:${key}`))).body.active).toBe(true)
    expect((await send({ client_id: 'pay', client_secret: key })).body.active).toBe(true)
    for (const wrong of [`${key}:`, key, `pay:${key}x`, `pay:${key}%`, ':'])
      expect((await send({}, basic(wrong))).status).toBe(401)
    expect((await send({ client_secret: 'x' })).status).toBe(401)
    const twice = await send({ client_secret: key }, { authorization: `Bearer ${key}` })
    expect([twice.status, twice.body.reason]).toEqual([400, 'invalid_input'])
  })

  it.each([
    ['no token', ''],
    ['an empty token', 'token='],
    ['a token twice', 'token=a&token=b'],
    ['an unknown parameter twice', 'token=a&user=b&user=c'],
  ])('refuses a form with %s', async (_, form) => {
    const { status, headers, body } = await callV1(service, key, ['POST', '/introspect', form])
    expect([status, body.reason]).toEqual([400, 'invalid_input'])
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  })

  it.each([
    ['an unknown parameter', 'token=a&resource=b&scope='],
    ['U+0000 in the token', 'token=a%00b'],
    ['a token that is no UTF-8', 'token=%ff'],
    ['a token of 30,000 letters', `token=${'a'.repeat(30_000)}`],
  ])('answers a form with %s', async (_, form) => {
    const { status, body } = await callV1(service, key, ['POST', '/introspect', form])
    expect([status, body]).toEqual([200, { active: false }])
  })

  it('takes a form alone', async () => {
    const json = await callV1(service, key, ['POST', '/introspect', { token: 'x' }])
    expect([json.status, json.body.reason]).toEqual([415, 'unsupported_media_type'])
    const get = await callV1(service, key, ['GET', '/introspect?token=x'])
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
  })

  it('refuses a revoked key at once', async () => {
    const { key: other, id } = await createKey(service, ['introspect'])
    expect((await introspect(service, other, 'x')).status).toBe(200)
    await createServiceKeyStore(service.database()).revoke(id, service.now())
    expect((await introspect(service, other, 'x')).status).toBe(401)
  })
})

it('an access token carries the external id where that is asked for', async () => {
  const service = await startService({ EXTERNAL_ID_CLAIM: 'true' })
  const { tokens, user } = await register(service, 'ming', 'ming')
  expect(decodeJwt(tokens.accessToken)).not.toHaveProperty('externalId')
  const users = createServiceUserStore(service.database())
  await users.update(user.id, { externalId: '42', at: service.now() })
  const renewed = await service.client().session.refresh.mutate({
    refreshToken: tokens.refreshToken,
  })
  expect(decodeJwt(renewed.accessToken)).toMatchObject({ sub: user.id, externalId: '42' })
})
