import { reasons } from '@mianmi/core'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
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

  it('lists every route, its authentication, and the envelope of a refusal', async () => {
    const { paths, components } = await describedBy(await startService())
    expect(Object.keys(paths).sort()).toEqual([
      '/.well-known/jwks.json',
      '/auth/bind',
      '/auth/logout',
      '/auth/miniLogin',
      '/auth/queryUserNow',
      '/auth/refresh',
      '/healthz',
      '/metrics',
      '/readyz',
    ])
    expect(paths['/auth/queryUserNow']?.get?.security).toEqual([
      { bearer: [] },
      { sidHeader: [] },
      { sidCookie: [] },
    ])
    const secured = Object.entries(paths).flatMap(([path, item]) =>
      Object.values(item).some(({ security }) => security !== undefined) ? [path] : [],
    )
    expect(secured.sort()).toEqual(['/auth/logout', '/auth/queryUserNow'])
    expect(components.schemas['Refused']).toMatchObject({
      required: ['success', 'code', 'message', 'datetime', 'traceId', 'data'],
      properties: { data: { properties: { reason: { enum: reasons } } } },
    })
    expect(components.schemas['MiniLoginBody']).toMatchObject({
      required: ['code'],
      additionalProperties: false,
    })
  })

  it('is true: every path answers with a documented status', async () => {
    const service = await startService()
    const { paths } = await describedBy(service)
    for (const [path, item] of Object.entries(paths))
      for (const [method, { responses }] of Object.entries(item)) {
        const headers = { 'content-type': 'application/json' }
        const sent = method === 'post' ? { method: 'POST', headers, body: '{}' } : {}
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
