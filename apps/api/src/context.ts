import type { Context } from '@mianmi/contracts'
import type { Login, Origin } from '@mianmi/core'
import type { FastifyRequest } from 'fastify'
import { networkOf } from './address.ts'

/** A longer User-Agent says nothing more to the person who reads the list of sessions. */
const maxDevice = 200

/** What the procedures may know of a request. Nothing is verified here. */
export function createContext(login: Login, request: FastifyRequest): Context {
  return {
    login,
    accessToken: bearerToken(request.headers.authorization),
    // Read by what is written down only; reading it for every call would cost more than the call.
    get origin() {
      return originOf(request)
    },
    traceId: request.id,
    console: null,
  }
}

export function originOf(request: FastifyRequest): Origin {
  const device = request.headers['user-agent']?.slice(0, maxDevice) ?? null
  return { address: networkOf(request.ip), device }
}

/** RFC 6750 §2.1; the scheme's case does not matter (RFC 9110 §11.1). */
export function bearerToken(header: string | undefined): string | null {
  return header?.match(/^Bearer +(\S+)$/i)?.[1] ?? null
}
