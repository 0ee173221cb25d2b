import type { AdminContext } from '@mianmi/contracts/admin'
import type { UserService } from '@mianmi/core'
import type { AdminService } from '@mianmi/core/admin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { bearerToken } from '../../http/bearer-token.ts'
import { originOf } from '../../http/origin.ts'
import { adminToken, setAdminToken } from './cookie.ts'
import { isCrossOrigin } from './cross-origin.ts'

export interface AdminContextSources {
  readonly admin: AdminService
  readonly users: Pick<UserService, 'authenticate'>
  /** The service's own address. */
  readonly issuer: string
}

/** What the procedures of the admin router may know of a request. Only its origin is verified here. */
export function createAdminContext(
  { admin, users, issuer }: AdminContextSources,
  request: FastifyRequest,
  reply: FastifyReply,
): AdminContext {
  return {
    admin,
    authenticateUser: users.authenticate,
    accessToken: bearerToken(request.headers.authorization),
    origin: originOf(request),
    traceId: request.id,
    crossOrigin: isCrossOrigin(request, issuer),
    token: adminToken(request),
    setToken: (token) => setAdminToken(reply, token),
  }
}
