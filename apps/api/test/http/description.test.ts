import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { reasons } from '@mianmi/core'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Description } from '../../src/rest/description/openapi-types.ts'
import { startService, type TestService } from '../harness.ts'

async function describedBy(service: TestService): Promise<Description> {
  const response = await fetch(`${service.url()}/openapi.json`)
  expect(response.headers.get('content-type')).toContain('application/json')
  return (await response.json()) as Description
}

describe('GET /openapi.json', () => {
  it('is valid OpenAPI 3.1, and every reference resolves', async () => {
    const description = await describedBy(await startService())
    const validator = new Validator()
    const { valid, errors } = await validator.validate({ ...description })
    expect(errors).toBeUndefined()
    expect(valid).toBe(true)
    expect(validator.version).toBe('3.1')
    const references = JSON.stringify(description).matchAll(
      /"\$ref":"#\/components\/schemas\/(\w+)"/g,
    )
    const named = new Set([...references].map(([, name]) => name))
    expect(named.size).toBeGreaterThan(10)
    for (const name of named) expect(description.components.schemas).toHaveProperty(name ?? '')
  })

  it('names the address of the service, and says of every route whether it is open', async () => {
    const { servers, paths } = await describedBy(
      await startService({ ISSUER: 'https://id.example/' }),
    )
    expect(servers).toEqual([{ url: 'https://id.example' }])
    const open = Object.values(paths).flatMap((item) =>
      Object.values(item).filter(({ security }) => security.length === 0),
    )
    expect(open).toHaveLength(8)
  })

  it("passes Redocly's recommended rules without an error", { timeout: 60_000 }, async () => {
    const description = await describedBy(await startService({ ISSUER: 'https://id.example' }))
    const folder = mkdtempSync(join(tmpdir(), 'mianmi-openapi-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'openapi.json'), JSON.stringify(description))
    const redocly = fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js'))
    const args = ['lint', 'openapi.json', '--extends', 'recommended', '--format', 'json']
    const environment = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
    const { stdout } = await promisify(execFile)(process.execPath, [redocly, ...args], {
      cwd: folder,
      env: { ...process.env, ...environment },
    })
    const { totals, problems } = JSON.parse(stdout) as {
      totals: { errors: number }
      problems: { ruleId: string; location: { pointer?: string }[] }[]
    }
    expect(totals.errors).toBe(0)
    // The probes, the metrics, the metadata and the keys have no refusal of this kind.
    expect(problems.map(({ ruleId }) => ruleId)).toEqual(
      Array.from({ length: 5 }, () => 'operation-4xx-response'),
    )
  })

  it('lists every route, its authentication, and the envelope of a refusal', async () => {
    const { paths, components } = await describedBy(await startService())
    expect(Object.keys(paths).sort()).toEqual([
      '/.well-known/jwks.json',
      '/.well-known/oauth-authorization-server',
      '/auth/bind',
      '/auth/logout',
      '/auth/miniLogin',
      '/auth/queryUserNow',
      '/auth/refresh',
      '/healthz',
      '/metrics',
      '/readyz',
      '/v1/introspect',
      '/v1/users',
      '/v1/users/{id}',
      '/v1/users/{id}/sessions',
    ])
    expect(paths['/auth/queryUserNow']?.get?.security).toEqual([
      { bearer: [] },
      { sidHeader: [] },
      { sidCookie: [] },
    ])
    const secured = Object.entries(paths).flatMap(([path, item]) =>
      Object.values(item).some(({ security }) => security.length > 0) ? [path] : [],
    )
    expect(secured.sort().filter((path) => !path.startsWith('/v1/'))).toEqual([
      '/auth/logout',
      '/auth/queryUserNow',
    ])
    const services = Object.entries(paths).filter(([path]) => path.startsWith('/v1/'))
    for (const { tags, security } of services.flatMap(([, item]) => Object.values(item)))
      expect([tags, security[0]]).toEqual([['services'], { serviceKey: [] }])
    expect(components.schemas['Refused']).toMatchObject({
      required: ['success', 'code', 'message', 'datetime', 'traceId', 'data'],
      properties: { data: { properties: { reason: { enum: reasons } } } },
    })
    expect(components.schemas['MiniLoginBody']).toMatchObject({
      required: ['code'],
      additionalProperties: false,
    })
  })

  it('says of every call what it takes, how it may end, and whether it sets the cookie', async () => {
    const { paths } = await describedBy(await startService())
    const calls = Object.entries(paths).filter(([path]) => path.startsWith('/auth/'))
    const table = calls.flatMap(([path, item]) =>
      Object.entries(item).map(([method, { requestBody, responses }]) => {
        const body = requestBody?.content['application/json']?.schema.$ref
        const cookie = responses['200']?.headers !== undefined
        return [`${method} ${path}`, body?.split('/').at(-1), cookie, Object.keys(responses)]
      }),
    )
    expect(table).toEqual([
      [
        'post /auth/miniLogin',
        'MiniLoginBody',
        true,
        ['200', '400', '403', '415', '429', '500', '503'],
      ],
      [
        'post /auth/bind',
        'BindBody',
        true,
        ['200', '400', '401', '403', '409', '415', '429', '500', '503'],
      ],
      ['get /auth/queryUserNow', undefined, false, ['200', '401', '403', '500']],
      ['post /auth/refresh', 'RefreshBody', true, ['200', '400', '401', '403', '415', '500']],
      ['post /auth/logout', undefined, false, ['200', '400', '401', '403', '415', '500']],
    ])
  })

  it('says of every call of /v1 which types it takes, and that a key may be a password or in the form', async () => {
    const { info, paths } = await describedBy(await startService())
    expect(info.description).toContain('405')
    const calls = Object.entries(paths).filter(([path]) => path.startsWith('/v1/'))
    const table = calls.flatMap(([path, item]) =>
      Object.entries(item).map(([method, { requestBody, responses, security }]) => [
        `${method} ${path}`,
        Object.keys(requestBody?.content ?? {}),
        responses['415'] !== undefined,
        security.map((each) => Object.keys(each)[0]),
      ]),
    )
    const key = ['serviceKey']
    const patchTypes = ['application/json', 'application/merge-patch+json']
    const form = ['application/x-www-form-urlencoded']
    expect(table).toEqual([
      ['post /v1/introspect', form, true, [...key, 'serviceKeyAsPassword', undefined]],
      ['get /v1/users/{id}', [], false, key],
      ['patch /v1/users/{id}', patchTypes, true, key],
      ['get /v1/users', [], false, key],
      ['delete /v1/users/{id}/sessions', [], true, key],
    ])
  })

  it('is true: every path answers with a documented status', async () => {
    const service = await startService()
    const { paths } = await describedBy(service)
    for (const [path, item] of Object.entries(paths))
      for (const [method, { responses }] of Object.entries(item)) {
        const headers = { 'content-type': 'application/json' }
        const verb = method.toUpperCase()
        const sent = verb === 'GET' ? {} : { method: verb, headers, body: '{}' }
        const response = await fetch(`${service.url()}${path}`, sent)
        expect(Object.keys(responses), path).toContain(String(response.status))
        expect(response.status, path).not.toBe(404)
      }
  })
})

describe('GET /docs', () => {
  it('is a page with every route and schema that loads nothing', async () => {
    const service = await startService()
    const { paths, components } = await describedBy(service)
    const response = await fetch(`${service.url()}/docs`)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    const html = await response.text()
    for (const path of Object.keys(paths)) expect(html).toContain(path)
    for (const name of Object.keys(components.schemas)) expect(html).toContain(`id="${name}"`)
    for (const [, link] of html.matchAll(/href="#(\w+)"/g)) expect(html).toContain(`id="${link}"`)
    expect(html).not.toMatch(/<script|src=|undefined|\[object/)
  })
})
