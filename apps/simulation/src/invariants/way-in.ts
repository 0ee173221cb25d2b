import type { ModelUser } from '../oracle/model.ts'
import type { World } from '../world/world.ts'
import type { Invariant } from './invariant.ts'

/** Verbs by which an administrator takes a way to sign in, and is told whether one is left. */
const tellingVerbs = ['people.clearPassword', 'people.clearPhone', 'merges.merge', 'people.disable']

export const wayIn: Invariant = {
  name: 'way-in',
  sentence:
    'Every user can still sign in by what the interface promises, or an administrator has been told that this one cannot.',
  sees: 'after',
  watch(world, fail) {
    const { oracle } = world
    const told = new Set<string>()
    /** Who could sign in after the verb before; and of each merge, whether the kept user could. */
    let able = new Set<string>()
    const couldBefore = new Map<string, boolean>()
    return {
      committed({ name, args, result }) {
        if (name === 'merges.merge' && typeof result !== 'string') {
          const { id, kept } = result as { id: string; kept: { id: string } }
          couldBefore.set(id, able.has(kept.id))
        }
        const undone = name === 'merges.undo' ? oracle.state.merges.get(String(args[0])) : undefined
        // An undo takes the last way in only from a user who had none before the merge.
        const isLeft = (id: string): boolean =>
          undone !== undefined && (undone.keptId !== id || couldBefore.get(undone.id) !== true)
        able = new Set()
        for (const user of world.oracle.model.users.values()) {
          if (user.mergedInto !== null || hasWayIn(world, user)) {
            if (user.mergedInto === null) able.add(user.id)
            told.delete(user.id)
            continue
          }
          if (tellingVerbs.includes(name) || isLeft(user.id)) told.add(user.id)
          if (!told.has(user.id))
            return fail(`${name} left user ${user.account ?? user.id} without a way to sign in`)
        }
      },
    }
  },
}

/** By a password with a name or a number, or by a WeChat identity in an app that is configured. */
function hasWayIn({ config }: World, user: ModelUser): boolean {
  if (user.passwordHash !== null && (user.account !== null || user.phone !== null)) return true
  return config.appIds.some((appId) => user.bindings.has(appId))
}
