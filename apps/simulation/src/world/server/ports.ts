import type { World } from '../world.ts'
import type { Life } from './service.ts'

/** Verbs that change nothing that a sentence is about. */
const reads =
  /^(find|list|confirm|sessionKeys|callerKeys|secondFactorOf|knowsBrowser|touch|bindings|phoneOf|conflicts|preview|spendTry|returnTry)/

type Verb = (...args: readonly unknown[]) => unknown

/**
 * Wraps a store as a node sees it: each verb is committed at one moment, may take time before and after it, and the node
 * may die at each of these moments: what was committed stays, and the reply is lost.
 */
export function overLife<Port extends object>(
  world: World,
  life: Life,
  { name, port }: { name: string; port: Port },
): Port {
  const wrapped = Object.entries(port).map(([verb, run]: [string, Verb]) => {
    const fullName = `${name}.${verb}`
    if (typeof run !== 'function') return [verb, run]
    // Codes that were used are kept apart from what the sentences compare. They are two in five verbs.
    const isCompared = name !== 'codes'
    const commit = async (args: readonly unknown[]): Promise<unknown> => {
      const result = await run(...args)
      const at = world.timeline.now
      world.observers.committed({ name: fullName, args, result, at, node: life.node })
      if (isCompared) world.observers.stored(fullName)
      return result
    }
    const count = async (args: readonly unknown[]): Promise<unknown> => {
      const result = run(...args) as Promise<unknown>
      const at = world.timeline.now
      world.observers.counting({ name: fullName, args, at, node: life.node }, result)
      return result
    }
    const look = async (args: readonly unknown[]): Promise<unknown> => {
      const result = await run(...args)
      world.observers.looked({
        name: fullName,
        args,
        result,
        at: world.timeline.now,
        node: life.node,
      })
      return result
    }
    const reach =
      name === 'limits'
        ? count
        : reads.test(verb)
          ? look
          : (args: readonly unknown[]) => world.inTurn(() => commit(args))
    const call = async (...args: readonly unknown[]): Promise<unknown> => {
      await life.pass()
      const result = await reach(args)
      await life.pass()
      return result
    }
    return [verb, call]
  })
  return Object.fromEntries(wrapped) as Port
}
