import type { Context } from '@mianmi/contracts'
import type { Login, Origin } from '@mianmi/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ConsoleParts, openConsole } from './console/access.ts'
import { networkOf } from './http/address.ts'
import { bearerToken } from './http/bearer-token.ts'

/** A longer User-Agent says nothing more to the person who reads the list of sessions. */
const maxDevice = 200

/** What the procedures may know of a request. Nothing is verified here. */
export function createContext(
  parts: ContextParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Context {
  return new RequestContext(parts, request, reply)
}

export interface ContextParts extends ConsoleParts {
  readonly login: Login
}

/**
 * What only few procedures read is made when it is read. A class, for its getters stand on the prototype: on
 * an object of its own each would give that object a shape of its own, which doubles the garbage of a call.
 * Without `#`, which Node 20 defines one by one.
 */
class RequestContext implements Context {
  readonly login: Login
  readonly accessToken: string | null
  readonly traceId: string
  private readonly parts: ConsoleParts
  private readonly request: FastifyRequest
  private readonly reply: FastifyReply

  constructor(parts: ContextParts, request: FastifyRequest, reply: FastifyReply) {
    this.login = parts.login
    this.parts = parts
    this.reply = reply
    this.accessToken = bearerToken(request.headers.authorization)
    this.traceId = request.id
    this.request = request
  }

  get console(): Context['console'] {
    return openConsole(this.parts, this.request, this.reply)
  }

  get origin(): Origin {
    return originOf(this.request)
  }
}

export function originOf(request: FastifyRequest): Origin {
  const device = request.headers['user-agent']?.slice(0, maxDevice) ?? null
  return { address: networkOf(request.ip), device }
}
