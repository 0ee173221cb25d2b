import type { AdminContext } from '@mianmi/contracts/admin'
import type { Desk, Login } from '@mianmi/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { bearerToken } from '../../http/bearer-token.ts'
import { originOf } from '../../http/origin.ts'
import { adminToken, setAdminToken } from './cookie.ts'
import { isCrossOrigin } from './cross-origin.ts'

export interface AdminContextSources {
  readonly admin: Desk
  readonly login: Pick<Login, 'authenticate'>
  /** The service's own address. */
  readonly issuer: string
}

/** What the procedures of the admin router may know of a request. Only its origin is verified here. */
export function createAdminContext(
  { admin, login, issuer }: AdminContextSources,
  request: FastifyRequest,
  reply: FastifyReply,
): AdminContext {
  return {
    admin,
    authenticateUser: login.authenticate,
    accessToken: bearerToken(request.headers.authorization),
    origin: originOf(request),
    traceId: request.id,
    crossOrigin: isCrossOrigin(request, issuer),
    token: adminToken(request),
    setToken: (token) => setAdminToken(reply, token),
  }
}
