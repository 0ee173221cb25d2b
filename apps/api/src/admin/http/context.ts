import type { AdminContext } from '@mianmi/contracts/admin'
import type { UserService } from '@mianmi/core'
import type { AdminService } from '@mianmi/core/admin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { authorizationOf, bearerToken } from '../../http/bearer-token.ts'
import { originOf } from '../../http/origin.ts'
import { adminToken, browserToken, setAdminToken, setBrowserToken } from './cookie.ts'
import { isCrossOrigin } from './cross-origin.ts'

export interface AdminContextSources {
  readonly admin: AdminService
  readonly users: Pick<UserService, 'authenticate'>
  /** The public address of the service. */
  readonly issuer: string
}

/** Builds the context of the admin router from a request. It verifies the origin only. */
export function createAdminContext(
  { admin, users, issuer }: AdminContextSources,
  request: FastifyRequest,
  reply: FastifyReply,
): AdminContext {
  return {
    admin,
    authenticateUser: users.authenticate,
    accessToken: bearerToken(authorizationOf(request)),
    origin: originOf(request),
    traceId: request.id,
    crossOrigin: isCrossOrigin(request, issuer),
    token: adminToken(request),
    setToken: (token) => setAdminToken(reply, token),
    browserToken: browserToken(request),
    setBrowserToken: (token) => setBrowserToken(reply, token),
  }
}
