import type { ServiceScope } from '@mianmi/core'
import { describe, expect, it } from 'vitest'
import { register, startService } from '../harness.ts'
import { callV1, createKey } from './service-client.ts'

type Call = readonly [method: string, path: string, body?: unknown]

const calls: readonly (readonly [ServiceScope, Call])[] = [
  ['introspect', ['POST', '/introspect', 'token=x']],
  ['users:read', ['GET', '/users/x']],
  ['users:read', ['GET', '/users?externalId=x']],
  ['users:write', ['PATCH', '/users/x', { disabled: true }]],
  ['sessions:end', ['DELETE', '/users/x/sessions']],
]
const others = (scope: ServiceScope): ServiceScope[] => {
  const known: ServiceScope[] = [
    'introspect',
    'users:read',
    'identities:read',
    'phones:read',
    'users:write',
    'sessions:end',
  ]
  return known.filter((each) => each !== scope)
}

describe('a call of /v1', () => {
  it('without a key, or with another text, is unauthenticated', async () => {
    const service = await startService()
    const { key } = await createKey(service)
    const { tokens } = await register(service, 'ming', 'ming')
    for (const [, call] of calls) {
      const none = await callV1(service, null, call)
      expect([none.status, none.body.reason]).toEqual([401, 'unauthenticated'])
      expect(none.headers.get('www-authenticate')).toBe('Bearer realm="mianmi"')
      for (const wrong of [
        tokens.accessToken,
        key.slice(0, -1),
        `${key.slice(0, -1)}~`,
        key.slice(3),
        'mk_',
      ]) {
        const refused = await callV1(service, wrong, call)
        expect(refused.status).toBe(401)
        expect(refused.headers.get('www-authenticate')).toBe(
          'Bearer realm="mianmi", error="invalid_token"',
        )
      }
    }
  })

  it('needs its scope, whatever other scopes the key has', async () => {
    const service = await startService()
    for (const [scope, call] of calls) {
      const { key: without } = await createKey(service, others(scope))
      const refused = await callV1(service, without, call)
      expect([refused.status, refused.body.reason]).toEqual([403, 'forbidden'])
      expect(refused.headers.get('www-authenticate')).toBe(
        `Bearer realm="mianmi", error="insufficient_scope", scope="${scope}"`,
      )
      const { key: only } = await createKey(service, [scope])
      expect([200, 404]).toContain((await callV1(service, only, call)).status)
    }
  })

  it('needs its scope before its input is looked at', async () => {
    const service = await startService()
    const invalid: readonly (readonly [ServiceScope, Call])[] = [
      ['introspect', ['POST', '/introspect', 'token=']],
      ['users:read', ['GET', '/users/x?unknown=1']],
      ['users:read', ['GET', '/users?unknown=x']],
      ['users:write', ['PATCH', '/users/x', { unknown: true }]],
      ['sessions:end', ['DELETE', '/users/x/sessions', { unknown: true }]],
    ]
    for (const [scope, call] of invalid) {
      const { key: without } = await createKey(service, others(scope))
      expect((await callV1(service, without, call)).body.reason).toBe('forbidden')
      const { key: only } = await createKey(service, [scope])
      expect((await callV1(service, only, call)).body.reason).toBe('invalid_input')
    }
    const { sqlite } = service.database()
    const lines = sqlite
      .prepare(`select action from audit_events where outcome = 'forbidden' order by id`)
      .pluck()
      .all()
    expect(lines).toEqual([
      'service.users.read',
      'service.users.read',
      'service.users.write',
      'service.sessions.end',
    ])
  })

  it('is refused with problem details that name nothing of the call', async () => {
    const service = await startService()
    const { key } = await createKey(service)
    const { body, headers } = await callV1(service, key, ['GET', '/users/sentinel'])
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'There is no such thing.',
      reason: 'not_found',
      traceId: headers.get('x-trace-id'),
    })
    const unknown = await callV1(service, key, ['GET', '/sentinel'])
    expect([unknown.status, unknown.body.reason]).toEqual([404, 'not_found'])
    const method = await callV1(service, key, ['PUT', '/users/x', {}])
    expect([method.status, method.headers.get('allow')]).toEqual([405, 'GET, HEAD, PATCH'])
    const options = await callV1(service, key, ['OPTIONS', '/users/x'])
    expect([options.status, options.headers.get('allow')]).toEqual([405, 'GET, HEAD, PATCH'])
  })

  it('is not for pages of other origins, not even of allowed ones', async () => {
    const origin = 'https://page.example'
    const service = await startService({ ALLOWED_ORIGINS: origin })
    const { key } = await createKey(service)
    const preflight = await callV1(service, null, ['OPTIONS', '/users/x'], {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    })
    const read = await callV1(service, key, ['GET', '/users/x'], { origin })
    const encoded = await fetch(`${service.url()}/%761/users/x`, {
      headers: { origin, authorization: `Bearer ${key}` },
    })
    for (const { headers } of [preflight, read, encoded])
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(preflight.status).toBe(405)
    expect(encoded.headers.get('content-type')).toContain('problem+json')
  })

  it('is limited by key', async () => {
    const service = await startService({ RATE_LIMIT_FACTOR: '0.005' })
    const [one, two] = [await createKey(service), await createKey(service)]
    const change = (key: string) => callV1(service, key, ['DELETE', '/users/x/sessions'])
    for (let count = 0; count < 3; count++) expect((await change(one.key)).status).toBe(404)
    const refused = await change(one.key)
    expect([refused.status, refused.body.reason]).toEqual([429, 'rate_limited'])
    expect(Number(refused.headers.get('retry-after'))).toBe(refused.body.retryAfter)
    expect(refused.body.retryAfter).toBeGreaterThan(0)
    expect((await change(two.key)).status).toBe(404)
    expect((await callV1(service, one.key, ['GET', '/users/x'])).status).toBe(404)
    service.passTime(60_000)
    expect((await change(one.key)).status).toBe(404)
  })
})

describe('what a call of /v1 leaves behind', () => {
  it('is a line under the key for each kind of data, and no key', async () => {
    const lines: string[] = []
    const logStream = { write: (line: string) => void lines.push(line) }
    const service = await startService({ LOG_LEVEL: 'debug' }, { logStream })
    const { key, id, name } = await createKey(service)
    const { user } = await register(service, 'ming', 'ming')
    await callV1(service, key, ['GET', `/users/${user.id}`])
    await callV1(service, key, ['GET', '/users/unknown'])
    await callV1(service, key, ['PATCH', `/users/${user.id}`, { externalId: '42' }])
    await callV1(service, key, ['DELETE', `/users/${user.id}/sessions`])
    const { key: reader } = await createKey(service, ['users:read'])
    await callV1(service, reader, ['DELETE', `/users/${user.id}/sessions`])
    await callV1(service, key.replace(/.$/, '~'), ['GET', '/users/x'])
    await callV1(service, key, ['POST', '/introspect', 'token=sentinel'])
    const { sqlite } = service.database()
    const rows = sqlite
      .prepare(
        `select action, outcome, operator_id as keyId, device from audit_events
         where action like 'service.%' order by id`,
      )
      .all() as { action: string; outcome: string; keyId: string | null; device: string | null }[]
    expect(rows.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'service.users.read ok',
      'service.identities.read ok',
      'service.phones.read ok',
      'service.users.read not_found',
      'service.users.write started',
      'service.users.write ok',
      'service.sessions.end started',
      'service.sessions.end ok',
      'service.sessions.end forbidden',
      'service.authenticate unauthenticated',
    ])
    for (const row of rows.slice(0, 8))
      expect([row.keyId, row.device]).toEqual([id, `service key ${name}`])
    const stored = sqlite.serialize().toString('latin1')
    for (const secret of [key, reader]) {
      expect(stored).not.toContain(secret.slice(3))
      expect(lines.join('')).not.toContain(secret.slice(3))
    }
    expect(lines.join('')).not.toContain('sentinel')
  })
})
