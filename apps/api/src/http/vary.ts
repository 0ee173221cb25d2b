import type { FastifyReply } from 'fastify'

/** Adds a field to `Vary` (RFC 9110 §12.5.5) beside those that are there. Setting the header would drop them. */
export function addVary(reply: FastifyReply, field: string): void {
  const before = reply.getHeader('vary')
  reply.header('vary', before === undefined ? field : `${before}, ${field}`)
}
