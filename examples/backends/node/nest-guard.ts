// A guard for NestJS: npm install @nestjs/common jose. Use it with @UseGuards(MianmiGuard).
import process from 'node:process'
import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common'
import { createRemoteJWKSet, jwtVerify } from 'jose'

const { MIANMI: issuer = '', APP_ID: audience = '', MIANMI_KEY: key = '' } = process.env
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))

/** Verifies the access token without a call to mianmi. `request.userId` is the id of the user afterwards. */
@Injectable()
export class MianmiGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest()
    const token = request.headers.authorization?.match(/^Bearer (\S+)$/i)?.[1] ?? ''
    const rules = { issuer, audience, typ: 'at+jwt', algorithms: ['ES256'] }
    const verified = await jwtVerify(token, keys, rules).catch(() => {
      throw new UnauthorizedException()
    })
    request.userId = verified.payload.sub
    return true
  }
}

/** The openid of a user for WeChat Pay; null where the user has none in this mini program. */
export async function openidOf(userId: string): Promise<string | null> {
  const headers = { authorization: `Bearer ${key}` }
  const reply = await fetch(`${issuer}/v1/users/${encodeURIComponent(userId)}`, { headers })
  if (!reply.ok) throw new Error(`mianmi answered ${reply.status}`)
  const { identities } = (await reply.json()) as { identities: { appId: string; openid: string }[] }
  return identities.find(({ appId }) => appId === audience)?.openid ?? null
}
