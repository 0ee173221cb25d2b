import { isIP } from 'node:net'
import type { Resolve } from './resolver.ts'

/** A receiver whose addresses may be called. */
export interface WebhookTarget {
  readonly url: URL
  /** All that the name had at this moment, each of them checked. The connection goes to one of them, not to the name. */
  readonly addresses: readonly [string, ...string[]]
}

export type TargetFault = 'forbidden_address' | 'unresolvable'

/**
 * Resolves a receiver once and checks every address: where one of several is forbidden, the name is, because a name that
 * answers with both may answer with only the forbidden one the next time.
 */
export async function resolveTarget(
  url: URL,
  { mayCall, resolve }: { mayCall: (address: string) => boolean; resolve: Resolve },
): Promise<WebhookTarget | TargetFault> {
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const addresses = isIP(hostname) === 0 ? await resolve(hostname).catch(() => []) : [hostname]
  const [first, ...others] = addresses
  if (first === undefined) return 'unresolvable'
  if (!addresses.every(mayCall)) return 'forbidden_address'
  return { url, addresses: [first, ...others] }
}
