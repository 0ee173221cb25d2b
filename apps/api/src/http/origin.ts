import type { Origin } from '@mianmi/core'
import type { FastifyRequest } from 'fastify'
import { networkOf } from './address.ts'

/** A longer User-Agent says nothing more to the person who reads the list of sessions. */
const maxDevice = 200

/** The network and the device that a request names. */
export function originOf(request: FastifyRequest): Origin {
  const device = request.headers['user-agent']?.slice(0, maxDevice) ?? null
  return { address: networkOf(request.clientAddress), device }
}
