import type { ModelUser } from '../oracle/model.ts'
import type { World } from '../world/world.ts'
import type { Invariant } from './invariant.ts'

/** Verbs by which an administrator takes a way to sign in, and is told whether one is left. */
const tellingVerbs = [
  'people.clearPassword',
  'people.clearPhone',
  'merges.merge',
  'merges.undo',
  'people.disable',
]

export const wayIn: Invariant = {
  name: 'way-in',
  sentence:
    'Every user can still sign in by what the interface promises, or an administrator has been told that this one cannot.',
  sees: 'after',
  watch(world, fail) {
    const told = new Set<string>()
    return {
      committed({ name }) {
        for (const user of world.oracle.model.users.values()) {
          if (user.mergedInto !== null || hasWayIn(world, user)) {
            told.delete(user.id)
            continue
          }
          if (tellingVerbs.includes(name)) told.add(user.id)
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
