import { type PasswordCaller, siteOf } from '@mianmi/core'

type Named = Pick<PasswordCaller, 'network' | 'id'>

/** Waiting calls, ordered by whose turn it is; see {@link createTurns}. */
export interface Turns<Call> {
  /** How many calls of this caller wait, from all networks. */
  countOf(caller: Named): number
  add(call: Call): void
  remove(call: Call): void
  /** Takes the call whose turn it is; null where none waits. */
  next(): Call | null
  /**
   * The newest call of the caller with the most, in the network with the most; null where that would be the given caller,
   * with one more call.
   */
  newestOfMost(newcomer: Named): Call | null
}

/**
 * Round robin over networks, and over the callers of each network; the calls of one caller keep their order. Of IPv6 a
 * network is a /48, because one caller may have all networks in it. Maps keep the order of insertion, so the first entry
 * is whose turn it is, and an entry that was served moves to the end.
 */
export function createTurns<Call extends { readonly caller: Named }>(): Turns<Call> {
  const networks = new Map<string, Map<string, Call[]>>()
  const counts = new Map<string, number>()
  const count = ({ id }: Named, change: number): void => {
    const changed = (counts.get(id) ?? 0) + change
    if (changed > 0) counts.set(id, changed)
    else counts.delete(id)
  }
  return {
    countOf: ({ id }) => counts.get(id) ?? 0,
    add(call) {
      const { id } = call.caller
      const network = siteOf(call.caller.network)
      count(call.caller, 1)
      const callers = networks.get(network) ?? new Map<string, Call[]>()
      networks.set(network, callers)
      callers.set(id, [...(callers.get(id) ?? []), call])
    },
    remove(call) {
      const { id } = call.caller
      const network = siteOf(call.caller.network)
      count(call.caller, -1)
      const callers = networks.get(network)
      const rest = callers?.get(id)?.filter((each) => each !== call) ?? []
      if (rest.length > 0) callers?.set(id, rest)
      else callers?.delete(id)
      if (callers?.size === 0) networks.delete(network)
    },
    next() {
      const [[network, callers] = []] = networks
      const [[id, calls] = []] = callers ?? []
      if (network === undefined || callers === undefined) return null
      if (id === undefined || calls === undefined) return null
      const [call = null, ...rest] = calls
      callers.delete(id)
      networks.delete(network)
      if (rest.length > 0) callers.set(id, rest)
      if (callers.size > 0) networks.set(network, callers)
      if (call !== null) count(call.caller, -1)
      return call
    },
    newestOfMost(newcomer) {
      const sizes = new Map([...networks].map(([name, callers]) => [name, sizeOf(callers)]))
      const ownNetwork = siteOf(newcomer.network)
      const network = largest(sizes, ownNetwork)
      const callers = networks.get(network) ?? new Map<string, Call[]>()
      const counts = new Map([...callers].map(([id, calls]) => [id, calls.length]))
      const isOwn = network === ownNetwork
      const id = largest(counts, isOwn ? newcomer.id : null)
      return isOwn && id === newcomer.id ? null : (callers.get(id)?.at(-1) ?? null)
    },
  }
}

const sizeOf = (callers: ReadonlyMap<string, readonly unknown[]>): number =>
  [...callers.values()].reduce((total, { length }) => total + length, 0)

/** The name with the largest number, of which `newcomer` has one more; of equal ones the newcomer. */
function largest(numbers: ReadonlyMap<string, number>, newcomer: string | null): string {
  const own = newcomer === null ? 0 : (numbers.get(newcomer) ?? 0) + 1
  const [name] = [...numbers].reduce(
    (most, each) => (each[1] > most[1] && each[0] !== newcomer ? each : most),
    [newcomer ?? '', own],
  )
  return name
}
