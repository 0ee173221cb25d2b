import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { auth } from 'express-oauth2-jwt-bearer'
import { decodeJwt } from 'jose'
import { allowInsecureRequests, validateJwtAccessToken } from 'oauth4webapi'
import { describe, expect, it, onTestFinished } from 'vitest'
import { appId, otherAppId, register, startService } from '../harness.ts'

const issuer = 'https://id.example'

async function start() {
  const service = await startService({ ISSUER: issuer })
  const { tokens, user } = await register(service, 'ming', 'ming')
  const jwksUri = `${service.url()}/.well-known/jwks.json`
  return { token: tokens.accessToken, user, jwksUri }
}

const withoutClientId = (token: string): string => {
  const [header, , signature] = token.split('.')
  const { client_id: _, ...claims } = decodeJwt(token)
  return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
}

describe('a service that gets an access token verifies it by the JWKS', () => {
  it('with oauth4webapi, as RFC 9068 §4 requires', async () => {
    const { token, user, jwksUri } = await start()
    const verify = (bearer: string, audience = appId) =>
      validateJwtAccessToken(
        { issuer, jwks_uri: jwksUri },
        new Request('https://api.example', { headers: { authorization: `Bearer ${bearer}` } }),
        audience,
        { [allowInsecureRequests]: true },
      )
    expect(await verify(token)).toMatchObject({ sub: user.id, aud: appId, client_id: appId })
    await expect(verify(token, otherAppId)).rejects.toThrow('"aud"')
    await expect(verify(withoutClientId(token))).rejects.toThrow()
  })

  it('with express-oauth2-jwt-bearer in strict mode', async () => {
    const { token, user, jwksUri } = await start()
    const check = auth({ issuer, jwksUri, audience: appId, strict: true })
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
