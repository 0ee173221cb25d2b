import type { Context } from '@mianmi/contracts'
import type { Login } from '@mianmi/core'
import type { FastifyRequest } from 'fastify'

/** A longer User-Agent says nothing more to the person who reads the list of sessions. */
const maxDevice = 200

/** What the procedures may know of a request. Nothing is verified here. */
export function createContext(login: Login, request: FastifyRequest): Context {
  const { authorization, 'user-agent': device } = request.headers
  return {
    login,
    accessToken: bearerToken(authorization),
    device: device?.slice(0, maxDevice) ?? null,
    traceId: request.id,
  }
}

/** RFC 6750 §2.1; the scheme's case does not matter (RFC 9110 §11.1). */
function bearerToken(header: string | undefined): string | null {
  return header?.match(/^Bearer +(\S+)$/i)?.[1] ?? null
}
