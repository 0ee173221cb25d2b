import type { Context } from '@mianmi/contracts'
import type { Origin, UserService } from '@mianmi/core'
import type { FastifyRequest } from 'fastify'
import { bearerToken } from './http/bearer-token.ts'
import { originOf } from './http/origin.ts'

/** What the procedures may know of a request. Nothing is verified here. */
export function createContext(users: UserService, request: FastifyRequest): Context {
  return new RequestContext(users, request)
}

/**
 * What only few procedures read is made when it is read. A class, for its getters stand on the prototype: on
 * an object of its own each would give that object a shape of its own, which doubles the garbage of a call.
 * Without `#`, which Node 20 defines one by one.
 */
class RequestContext implements Context {
  readonly users: UserService
  readonly accessToken: string | null
  readonly traceId: string
  private readonly request: FastifyRequest

  constructor(users: UserService, request: FastifyRequest) {
    this.users = users
    this.accessToken = bearerToken(request.headers.authorization)
    this.traceId = request.id
    this.request = request
  }

  get origin(): Origin {
    return originOf(this.request)
  }
}
