import { carry, type Delivery } from '../world/network.ts'
import type { HttpRequest } from '../world/server/service.ts'
import type { World } from '../world/world.ts'

/** A call that is sent by a script. */
export interface ScriptedCall {
  readonly path: string
  readonly input: unknown
  readonly token: string | null
}

export function requestOf({ path, input, token }: ScriptedCall): HttpRequest {
  const isQuery = ['me', 'session.list', 'identity.list'].includes(path)
  return {
    method: isQuery ? 'GET' : 'POST',
    url: `/trpc/${path}`,
    body: input === undefined ? undefined : JSON.stringify(input),
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    address: '198.51.100.66',
    device: 'script',
  }
}

/** Sends a call by a script, not by an app: without `wx-session`. Returns the result's data, or null where it was refused or lost. */
export function script(world: World, call: ScriptedCall): Promise<Record<string, unknown> | null> {
  return new Promise((resolve) => {
    carry(world, requestOf(call), (delivery: Delivery) => {
      if (!('reply' in delivery) || delivery.reply.status !== 200) return resolve(null)
      const { result } = JSON.parse(delivery.reply.body) as {
        result?: { data: Record<string, unknown> }
      }
      resolve(result?.data ?? null)
    })
  })
}
