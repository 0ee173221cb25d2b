import type { World } from '../world/world.ts'
import type { Action } from './action.ts'
import { act, codeOf, type Entered, type Guest, numberCodeOf, registerIn } from './guests.ts'
import { life } from './lives.ts'

interface Call {
  readonly path: string
  readonly input?: unknown
}

/** Everything that a signed-in person can change. */
const changesOf = (world: World, guest: Guest, known: { appId: string; password: string }) => {
  const { appId, password } = known
  const serial = ++world.serials.names
  const newPassword = `password${serial}`
  return [
    { path: 'account.updateProfile', input: { nickname: `nick${serial}` } },
    { path: 'account.updateProfile', input: { nickname: `nick${serial}x` } },
    { path: 'account.bindPhone', input: { code: numberCodeOf(world, guest, appId) } },
    { path: 'account.changePassword', input: { currentPassword: password, newPassword } },
    { path: 'identity.unbind', input: { appId } },
    { path: 'session.revokeOthers', input: undefined },
    { path: 'account.delete', input: { confirm: true, code: codeOf(world, guest, appId) } },
  ]
}

/** Ends the session, or everything of its user. */
function end(world: World, entered: Entered): Promise<unknown> {
  const { random, console } = world
  const userId = entered.user.id
  const drawn = random.next()
  if (drawn < 0.5) return act(world, entered, { path: 'session.signOut' })
  if (drawn < 0.7) return console.call('people.endSessions', { userId })
  return console.call(drawn < 0.9 ? 'people.disable' : 'people.clearPassword', { userId })
}

/** A verb looks again whether the session lives: the look at the token was before the call waited. */
const endMeanwhile = life('a session ends while calls of it run', 2, async (world, guest) => {
  const { random } = world
  const appId = random.pick(world.config.appIds)
  const entered = await registerIn(world, guest, appId)
  if (entered === null) return
  const changes: Call[] = changesOf(world, guest, { appId, password: entered.password })
  world.story.note(() => `${guest.name} calls, and the session ends meanwhile`)
  for (let count = random.between(2, 4); count > 0; count--)
    void act(world, entered, random.pick(changes))
  await world.timeline.pause(random.between(0, 60))
  await end(world, entered)
})

export const races: readonly Action[] = [endMeanwhile]
