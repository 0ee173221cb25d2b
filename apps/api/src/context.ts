import type { Context } from '@mianmi/contracts'
import type { Origin, UserService } from '@mianmi/core'
import type { FastifyRequest } from 'fastify'
import { authorizationOf, bearerToken } from './http/bearer-token.ts'
import { originOf } from './http/origin.ts'

/** Builds the context of the user router from a request. It verifies nothing. */
export function createContext(users: UserService, request: FastifyRequest): Context {
  return new RequestContext(users, request)
}

/**
 * Computes what few procedures read only when they read it. A class, because its getters are on the prototype: own
 * getters would give each object its own hidden class, which doubles the garbage of a call. No `#private` field: V8
 * defines each of them separately.
 */
class RequestContext implements Context {
  readonly users: UserService
  readonly accessToken: string | null
  readonly traceId: string
  private readonly request: FastifyRequest

  constructor(users: UserService, request: FastifyRequest) {
    this.users = users
    this.accessToken = bearerToken(authorizationOf(request))
    this.traceId = request.id
    this.request = request
  }

  get origin(): Origin {
    return originOf(this.request)
  }
}
