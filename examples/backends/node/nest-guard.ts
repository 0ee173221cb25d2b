// Guards for NestJS: npm install @nestjs/common jose. nest-app.ts shows how they are used.
import { type CanActivate, type ExecutionContext, UnauthorizedException } from '@nestjs/common'
import { createRemoteJWKSet, jwtVerify } from 'jose'

const { MIANMI: issuer = '', APP_ID: audience = '', MIANMI_KEY: key = '' } = process.env
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))
const rules = { issuer, audience, typ: 'at+jwt', algorithms: ['ES256'] }
type User = { identities: { appId: string; openid: string }[] }
const tokenOf = (request: { headers: { authorization?: string } }): string =>
  request.headers.authorization?.match(/^Bearer (\S+)$/i)?.[1] ?? '-'
async function ask<T>(path: string, options: RequestInit = {}): Promise<T> {
  const headers = { authorization: `Bearer ${key}` }
  const reply = await fetch(`${issuer}/v1${path}`, { ...options, headers })
  return reply.ok ? (reply.json() as Promise<T>) : Promise.reject(Error(`mianmi: ${reply.status}`))
}
/** Verifies the access token without a call to mianmi, and sets `request.userId`. Keys that are not reached are no 401. */
export class MianmiGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest()
    const verified = await jwtVerify(tokenOf(request), keys, rules).catch((error) => {
      throw /_(JW[ST]|NOT?)_/.test(error.code) ? new UnauthorizedException() : error
    })
    request.userId = verified.payload.sub
    return true
  }
}
/** Asks mianmi: an ended session is refused at once. For what costs money, behind `MianmiGuard`. */
export class ActiveSessionGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const body = new URLSearchParams({ token: tokenOf(context.switchToHttp().getRequest()) })
    const { active } = await ask<{ active: boolean }>('/introspect', { method: 'POST', body })
    if (!active) throw new UnauthorizedException()
    return true
  }
}
/** The openid of a user for WeChat Pay; null where the user has none in this mini program. */
export async function openidOf(userId: string): Promise<string | null> {
  const { identities } = await ask<User>(`/users/${encodeURIComponent(userId)}`)
  return identities.find(({ appId }) => appId === audience)?.openid ?? null
}
