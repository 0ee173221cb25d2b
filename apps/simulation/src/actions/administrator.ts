import type { ModelUser } from '../oracle/model.ts'
import type { World } from '../world/world.ts'
import { type Action, later } from './action.ts'

/** Does something with a user in the console. */
function adminAction(
  name: string,
  weight: number,
  make: (world: World, user: ModelUser) => { path: string; input: object } | null,
): Action {
  return {
    name,
    weight,
    play(world) {
      const users = [...world.oracle.model.users.values()].filter(
        ({ mergedInto }) => mergedInto === null,
      )
      if (users.length === 0) return
      const user = world.random.pick(users)
      const call = make(world, user)
      if (call === null) return
      world.story.note(() => `the administrator calls ${call.path} for ${user.account ?? user.id}`)
      void world.console.call(call.path, call.input)
    },
  }
}

const simple = (path: string, weight: number): Action =>
  adminAction(`an administrator calls ${path}`, weight, (_world, { id }) => ({
    path,
    input: { userId: id },
  }))

const enable: Action = {
  name: 'an administrator enables users',
  weight: 3,
  isNeeded: true,
  play(world) {
    for (const user of world.oracle.model.users.values()) {
      if (!user.isDisabled) continue
      world.story.note(() => `the administrator calls people.enable for ${user.account ?? user.id}`)
      void world.console.call('people.enable', { userId: user.id })
    }
  },
}

const unbind = adminAction('an administrator unbinds', 2, (world, user) => {
  const appIds = [...user.bindings.keys()]
  if (appIds.length === 0) return null
  const everywhere = world.random.chance(0.5)
  return {
    path: 'people.unbind',
    input: { userId: user.id, appId: world.random.pick(appIds), everywhere },
  }
})

const resetKey = adminAction('an administrator resets a session key', 0.7, (world, user) => {
  const appIds = [...user.bindings.keys()]
  if (appIds.length === 0) return null
  return {
    path: 'people.resetSessionKey',
    input: { userId: user.id, appId: world.random.pick(appIds) },
  }
})

const endOne = adminAction('an administrator ends a session', 0.7, (world, { id }) => {
  const ids = [...world.oracle.model.sessions.values()]
    .filter(({ userId, ended }) => userId === id && ended === null)
    .map((session) => session.id)
  if (ids.length === 0) return null
  return { path: 'people.endSessions', input: { userId: id, sessionId: world.random.pick(ids) } }
})

/** The name is typed to confirm it. */
const removeByMistake: Action = {
  name: 'an administrator deletes a user without the confirmation',
  weight: 0.3,
  play(world) {
    const [user] = world.oracle.model.users.values()
    if (user === undefined) return
    world.story.note(() => `the administrator deletes ${user.account ?? user.id} by mistake`)
    const input = { userId: user.id, confirm: 'another name' }
    void world.console.call('people.remove', input).then((result) =>
      world.observers.attacked({
        name: 'a deletion without its confirmation',
        isAllowed: false,
        isGranted: 'data' in result,
        detail: 'a user was deleted without the confirmation',
      }),
    )
  },
}

const remove = adminAction('an administrator deletes a user', 0.5, (_world, { id, account }) => ({
  path: 'people.remove',
  input: { userId: id, confirm: account ?? id },
}))

const note = adminAction('an administrator writes a note', 0.7, (_world, { id }) => ({
  path: 'people.addNote',
  input: { userId: id, text: 'a note' },
}))

const merge: Action = {
  name: 'an administrator merges',
  weight: 2,
  play(world) {
    const conflicts = [...world.store.state.conflicts.values()]
    if (conflicts.length === 0) return
    const { unionid, firstUserId, secondUserId } = world.random.pick(conflicts)
    const keepUserId = world.random.pick([firstUserId, secondUserId])
    world.story.note(() => `the administrator merges ${firstUserId} and ${secondUserId}`)
    const input = { unionid, firstUserId, secondUserId, keepUserId }
    const isUndone = world.random.chance(0.4)
    const delay = world.random.pick([2_000, 60_000, 20 * 3_600_000])
    void world.console.call('conflicts.merge', input).then((result) => {
      if ('data' in result && isUndone) later(world, delay, () => undo.play(world))
    })
  },
}

const undo: Action = {
  name: 'an administrator undoes a merge',
  weight: 1.5,
  play(world) {
    const merges = [...world.store.state.merges.values()].filter(({ moved }) => moved !== null)
    if (merges.length === 0) return
    const { id } = world.random.pick(merges)
    world.story.note(() => 'the administrator undoes a merge')
    void world.console.call('conflicts.undo', { mergeId: id })
  },
}

export const administratorActions: readonly Action[] = [
  simple('people.disable', 1.5),
  enable,
  simple('people.endSessions', 1),
  simple('people.clearPassword', 0.7),
  simple('people.clearPhone', 0.7),
  simple('people.view', 0.3),
  simple('people.revealPhone', 0.2),
  unbind,
  resetKey,
  note,
  endOne,
  removeByMistake,
  remove,
  merge,
  undo,
]
