import type { WebhookEventType } from '@mianmi/core'
import { type AskedForNames, askedForColumns, isAskedFor } from '../../webhooks/asked-for.ts'
import type { Queries } from '../connection/queries.ts'

/** How long a node believes what webhooks ask for, in ms. A change of that waits for as long. */
const defaultKnownFor = 1_000

/**
 * What webhooks ask for, which is remembered for a second: a transaction has no statement for events that no webhook asks for,
 * and one statement for the others.
 */
export interface Receivers {
  /** Whether any webhook asks for this type, as it was up to `knownFor` ago. */
  askFor(queries: Queries): Promise<(type: WebhookEventType) => boolean>
  /** How long a node believes what it has read, in ms. Tests set 0. */
  knownFor: number
}

const read = `select ${askedForColumns} from webhooks`

export function createReceivers(): Receivers {
  let names: AskedForNames = { enabled: null, disabled: null }
  let until = Number.NEGATIVE_INFINITY
  const receivers: Receivers = {
    knownFor: defaultKnownFor,
    async askFor(queries) {
      const asked = performance.now()
      if (asked >= until) {
        names = (await queries.first<AskedForNames>(read)) ?? names
        until = asked + receivers.knownFor
      }
      const known = names
      return (type) => isAskedFor(known, type)
    },
  }
  return receivers
}
