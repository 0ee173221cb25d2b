import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'

/** A receiver whose addresses may be called. */
export interface WebhookTarget {
  readonly url: URL
  /** All that the name had at this moment, each of them checked. The connection goes to one of them, not to the name. */
  readonly addresses: readonly [string, ...string[]]
}

export type TargetFault = 'forbidden_address' | 'unresolvable'

/** All addresses of a host name, in the order of preference. @throws Error where it has none */
export type Resolve = (hostname: string) => Promise<readonly string[]>

/**
 * Asks the resolver of the system, so that `/etc/hosts`, search domains and the names of containers work. It takes a
 * thread of Node's pool, so that calls at the same time for one name share one question: a name whose servers do not answer
 * must not take all four threads.
 */
export function createResolver(): Resolve {
  const questions = new Map<string, Promise<readonly string[]>>()
  return (hostname) => {
    const asked = questions.get(hostname)
    if (asked !== undefined) return asked
    const question = lookup(hostname, { all: true, order: 'ipv4first' })
      .then((found) => found.map(({ address }) => address))
      .finally(() => questions.delete(hostname))
    questions.set(hostname, question)
    return question
  }
}

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
