import { createModel } from '../oracle/model.ts'
import type { Observer } from '../world/observers.ts'
import type { World } from '../world/world.ts'
import { sentencesThatAre } from './sentences.ts'

/** Those that ask the model, and so are only held against it when it is up to date. */
const asksModel = ['everybody-gets-in']

export interface LiveOptions {
  /** Whether a node that dies forgets which codes it has sent to WeChat, which then refuses them: SQLite. */
  readonly forgetsCodes: boolean
  /** Whether a call with this ticket has ended without a reply. */
  mayBeUsed(ticket: string): boolean
}

/** Watches the sentences about phones, WeChat and replies, which no order of the nodes' work changes. */
export function watchLive(world: World, { forgetsCodes, mayBeUsed }: LiveOptions): Observer[] {
  // Between two looks at the database the model is behind: who is bound to whom is not known.
  const withoutModel = Object.create(world, {
    oracle: {
      value: {
        ...world.oracle,
        model: createModel(),
        ticketUsed: (ticket: string) => world.oracle.ticketUsed(ticket) || mayBeUsed(ticket),
      },
    },
  }) as World
  return sentencesThatAre('live').map(({ name, watch }) => {
    const start = (): Observer =>
      watch(asksModel.includes(name) ? world : withoutModel, (detail) => world.fail(name, detail))
    return name === 'code-once' && forgetsCodes ? untilDeath(start) : start()
  })
}

/** Begins again when a node dies. */
function untilDeath(start: () => Observer): Observer {
  let observer = start()
  return {
    wechatAsked: (node, request) => observer.wechatAsked?.(node, request),
    nodeDied: () => {
      observer = start()
    },
  }
}
