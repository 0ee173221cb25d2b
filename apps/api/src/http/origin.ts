import type { Origin } from '@mianmi/core'
import type { FastifyRequest } from 'fastify'
import { networkOf } from './address.ts'

/** Upper limit in characters: more is not useful in the list of sessions. */
const maxDevice = 200

/** The network and the device of a request. */
export function originOf(request: FastifyRequest): Origin {
  const device = request.headers['user-agent']?.slice(0, maxDevice) ?? null
  return { address: networkOf(request.clientAddress), device }
}
