import type { FastifyReply } from 'fastify'

/**
 * The `vary` of a reply with what hooks have set before, such as `Origin` by CORS. Setting the header alone would drop
 * that, and a cache would give a reply for one origin to another (RFC 9110 §12.5.5).
 */
export function varyWith(reply: FastifyReply, own: string): string {
  const before = reply.getHeader('vary')
  return before === undefined ? own : joinFields([before].flat().join(', '), own)
}

/** The last result: nearly all replies have the same two values. */
let last = { before: '', own: '', joined: '' }

function joinFields(before: string, own: string): string {
  if (last.before === before && last.own === own) return last.joined
  const fields = new Map<string, string>()
  for (const field of `${before},${own}`.split(',').map((each) => each.trim()))
    if (field !== '' && !fields.has(field.toLowerCase())) fields.set(field.toLowerCase(), field)
  last = { before, own, joined: [...fields.values()].join(', ') }
  return last.joined
}
