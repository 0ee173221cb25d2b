import { carry, type Delivery } from '../world/network.ts'
import type { World } from '../world/world.ts'

/** Sends a call by a script, not by an app: without `wx-session`. Returns the result's data, or null where it was refused or lost. */
export function script(
  world: World,
  { path, input, token }: { path: string; input: unknown; token: string | null },
): Promise<Record<string, unknown> | null> {
  return new Promise((resolve) => {
    const headers: Record<string, string> =
      token === null ? {} : { authorization: `Bearer ${token}` }
    const isQuery = ['me', 'session.list', 'identity.list'].includes(path)
    const request = {
      method: isQuery ? ('GET' as const) : ('POST' as const),
      url: `/trpc/${path}`,
      body: input === undefined ? undefined : JSON.stringify(input),
      headers,
      address: '198.51.100.66',
      device: 'script',
    }
    carry(world, request, (delivery: Delivery) => {
      if (!('reply' in delivery) || delivery.reply.status !== 200) return resolve(null)
      const { result } = JSON.parse(delivery.reply.body) as {
        result?: { data: Record<string, unknown> }
      }
      resolve(result?.data ?? null)
    })
  })
}
