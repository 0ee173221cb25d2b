import type { Origin } from '@mianmi/core'
import type { FastifyRequest } from 'fastify'
import { networkOf } from './address.ts'

/** Upper limit in characters: more is not useful in the list of sessions. */
const maxDevice = 200

/** The network and the device of a request, and whether its caller still waits. */
export function originOf(request: FastifyRequest): Origin {
  const device = request.headers['user-agent']?.slice(0, maxDevice) ?? null
  const { socket } = request
  return { address: networkOf(request.clientAddress), device, isGone: () => socket.destroyed }
}
