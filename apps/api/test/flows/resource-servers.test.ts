import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { auth } from 'express-oauth2-jwt-bearer'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import {
  allowInsecureRequests,
  discoveryRequest,
  introspectionRequest,
  processDiscoveryResponse,
  processIntrospectionResponse,
  validateJwtAccessToken,
} from 'oauth4webapi'
import { describe, expect, it, onTestFinished } from 'vitest'
import { appId, otherAppId, register, startService, type TestService } from '../harness.ts'
import { createKey } from '../v1/service-client.ts'

/** A port that was free a moment ago: the issuer has to name it before the service listens. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => void server.close(() => resolve()))
  return port
}

/** A service at the address that its tokens name, so that the address is all that a resource server needs. */
async function start() {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const service = await startService({ ISSUER: issuer }, {}, port)
  const { tokens, user } = await register(service, 'ming', 'ming')
  return { service, token: tokens.accessToken, user, issuer }
}

const withoutClientId = (token: string): string => {
  const [header, , signature] = token.split('.')
  const { client_id: _, ...claims } = decodeJwt(token)
  return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
}

const insecure = { [allowInsecureRequests]: true }

const discover = async (issuer: string, algorithm: 'oauth2' | 'oidc') => {
  const url = new URL(issuer)
  return processDiscoveryResponse(url, await discoveryRequest(url, { algorithm, ...insecure }))
}

const document = async (service: TestService, name: string) => {
  const response = await fetch(`${service.url()}/.well-known/${name}`)
  return { headers: response.headers, body: (await response.json()) as Record<string, unknown> }
}

describe('the metadata', () => {
  it('is one document at both addresses, and claims no flow', async () => {
    const service = await startService({ ISSUER: 'https://id.example/' })
    const { headers, body } = await document(service, 'oauth-authorization-server')
    expect(body).toEqual({
      issuer: 'https://id.example/',
      jwks_uri: 'https://id.example/.well-known/jwks.json',
      introspection_endpoint: 'https://id.example/v1/introspect',
      introspection_endpoint_auth_methods_supported: [
        'Bearer',
        'client_secret_basic',
        'client_secret_post',
      ],
      response_types_supported: [],
      grant_types_supported: [],
      token_endpoint_auth_methods_supported: [],
      service_documentation: 'https://id.example/docs',
    })
    expect(headers.get('cache-control')).toBe('public, max-age=300')
    expect((await document(service, 'openid-configuration')).body).toEqual(body)
  })

  it('is also where RFC 8414 puts it for an issuer with a path', async () => {
    const service = await startService({ ISSUER: 'https://id.example/wechat' })
    const { body } = await document(service, 'oauth-authorization-server/wechat')
    expect(body['jwks_uri']).toBe('https://id.example/wechat/.well-known/jwks.json')
  })
})

describe('a service that gets an access token verifies it by the address of the issuer', () => {
  it('with oauth4webapi, as RFC 9068 §4 requires', async () => {
    const { token, user, issuer } = await start()
    for (const algorithm of ['oauth2', 'oidc'] as const) {
      const server = await discover(issuer, algorithm)
      const verify = (bearer: string, audience = appId) =>
        validateJwtAccessToken(
          server,
          new Request('https://api.example', { headers: { authorization: `Bearer ${bearer}` } }),
          audience,
          insecure,
        )
      expect(await verify(token)).toMatchObject({ sub: user.id, aud: appId, client_id: appId })
      await expect(verify(token, otherAppId)).rejects.toThrow('"aud"')
      await expect(verify(withoutClientId(token))).rejects.toThrow()
    }
  })

  it('with jose', async () => {
    const { token, user, issuer } = await start()
    const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()
    const keys = createRemoteJWKSet(new URL((metadata as { jwks_uri: string }).jwks_uri))
    const rules = { issuer, audience: appId, typ: 'at+jwt', algorithms: ['ES256'] }
    expect((await jwtVerify(token, keys, rules)).payload.sub).toBe(user.id)
    await expect(jwtVerify(withoutClientId(token), keys, rules)).rejects.toThrow()
    await expect(jwtVerify(token, keys, { ...rules, audience: otherAppId })).rejects.toThrow()
  })

  it.each([
    ['in strict mode', { strict: true }],
    ['by issuerBaseURL alone', {}],
  ])('with express-oauth2-jwt-bearer %s', async (_, options) => {
    const { token, user, issuer } = await start()
    const check = auth({ issuerBaseURL: issuer, audience: appId, ...options })
    const resource = createServer((request, response) => {
      // What Express adds to a request, as far as the middleware uses it.
      const asExpress = Object.assign(request, {
        ...{ protocol: 'http', originalUrl: request.url, query: {}, body: undefined },
        get: (name: string) => request.headers[name.toLowerCase()],
        is: () => false,
      })
      check(asExpress as never, response as never, (error?: unknown) => {
        const { auth: verified } = request as { auth?: { payload: object } }
        response.statusCode = error === undefined ? 200 : 401
        response.end(JSON.stringify(error === undefined ? verified?.payload : String(error)))
      })
    })
    await new Promise<void>((resolve) => void resource.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void resource.close())
    const url = `http://127.0.0.1:${(resource.address() as AddressInfo).port}`
    const call = (bearer: string) => fetch(url, { headers: { authorization: `Bearer ${bearer}` } })
    const accepted = await call(token)
    expect(await accepted.json()).toMatchObject({ sub: user.id, client_id: appId })
    expect(accepted.status).toBe(200)
    expect((await call(withoutClientId(token))).status).toBe(401)
  })
})

it('a stock client introspects with the key as its secret', async () => {
  const { service, token, user, issuer } = await start()
  const { key, name } = await createKey(service, ['introspect'])
  const server = await discover(issuer, 'oauth2')
  const client = { client_id: name }
  const ask = async (text: string) => {
    const authenticate: Parameters<typeof introspectionRequest>[2] = (
      _as,
      _client,
      _body,
      headers,
    ) => headers.set('authorization', `Basic ${Buffer.from(`${name}:${key}`).toString('base64')}`)
    const response = await introspectionRequest(server, client, authenticate, text, insecure)
    return processIntrospectionResponse(server, client, response)
  }
  expect(await ask(token)).toMatchObject({ active: true, sub: user.id, client_id: appId })
  expect(await ask(`${token}x`)).toEqual({ active: false })
})
