import type { Queries } from '../connection/queries.ts'

/** How long a node believes that there is no webhook, in ms. The creation of the first one waits for as long. */
const defaultKnownFor = 1_000

/**
 * Whether there is any webhook. Where there is none, which is remembered for a second, a transaction has no statement for its
 * events: not even a first sign-in pays for what is not used.
 */
export interface Receivers {
  exist(queries: Queries): Promise<boolean>
  /** How long a node believes that there is none, in ms. Tests set 0. */
  knownFor: number
}

export function createReceivers(): Receivers {
  let noneUntil = Number.NEGATIVE_INFINITY
  const receivers: Receivers = {
    knownFor: defaultKnownFor,
    async exist(queries) {
      if (performance.now() < noneUntil) return false
      const asked = performance.now()
      const isAny = (await queries.run('select 1 from webhooks limit 1')) > 0
      if (!isAny) noneUntil = asked + receivers.knownFor
      return isAny
    },
  }
  return receivers
}
