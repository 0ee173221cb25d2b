import type { World } from '../world/world.ts'
import type { Action } from './action.ts'
import {
  act,
  bindIn,
  byPassword,
  type Entered,
  enterApp,
  type Guest,
  linkApps,
  newGuest,
  numberCodeOf,
  registerIn,
  twoApps,
} from './guests.ts'
import { life, wait } from './lives.ts'

const hour = 3_600_000

interface TwoUsers {
  readonly guest: Guest
  readonly apps: readonly [string, string]
  readonly users: readonly [
    Entered & { account: string; password: string },
    Entered & { account: string; password: string },
  ]
}

/** Two users of one person, before WeChat has said so: the first app gave no unionid. */
async function twoUsers(world: World, guest: Guest): Promise<TwoUsers | null> {
  const apps = twoApps(world)
  if (apps === null) return null
  linkApps(world)
  const [one, two] = apps
  world.wechat.forgetsUnionid = true
  // One of them may have a number in place of a name and a password.
  const first = await (world.random.chance(0.45) ? byNumber : registerIn)(world, guest, one)
  const second = first && (await registerIn(world, guest, two))
  return first && second && { guest, apps, users: [first, second] }
}

async function byNumber(world: World, guest: Guest, appId: string) {
  const credential = { type: 'phone', code: numberCodeOf(world, guest, appId) }
  const bound = await bindIn(world, { guest, appId, credential })
  return bound && { ...bound, account: guest.number, password: 'no password' }
}

/** The merge of the two users by the administrator; null where it failed. */
async function merge(world: World, { users }: TwoUsers): Promise<string | null> {
  const ids = users.map(({ user }) => user.id)
  const conflict = [...world.store.state.conflicts.values()].find(
    ({ firstUserId, secondUserId }) => ids.includes(firstUserId) && ids.includes(secondUserId),
  )
  if (conflict === undefined) return null
  const { unionid, firstUserId, secondUserId } = conflict
  const keepUserId = world.random.pick(ids)
  world.story.note(() => `the administrator merges ${firstUserId} and ${secondUserId}`)
  const input = { unionid, firstUserId, secondUserId, keepUserId }
  const result = await world.console.call('conflicts.merge', input)
  if (!('data' in result)) return null
  const found = [...world.store.state.merges.values()].find(({ keptId }) => keptId === keepUserId)
  return found?.id ?? null
}

async function undo(world: World, mergeId: string): Promise<void> {
  world.story.note(() => 'the administrator undoes the merge')
  await world.console.call('conflicts.undo', { mergeId })
}

const twoUsersMerge = life(
  'two users of one person are merged, and the merge is undone',
  2,
  async (world, guest) => {
    const found = await twoUsers(world, guest)
    if (found === null) return
    const { apps, users } = found
    const { random } = world
    const [one, two] = apps
    const friend = random.chance(0.4) ? newGuest(world) : null
    // The second user has an identity in the first app, too: it stays with that user.
    if (friend !== null)
      await bindIn(world, { guest: friend, appId: one, credential: byPassword(users[1]) })
    await enterApp(world, guest, one)
    const third = world.config.appIds.find((appId) => !apps.includes(appId))
    if (third !== undefined && random.chance(0.5)) await enterApp(world, guest, third)
    if (random.chance(0.3)) {
      const index = random.below(2)
      await act(world, index === 0 ? users[0] : users[1], {
        path: 'identity.unbind',
        input: { appId: apps[index] },
      })
    }
    if (random.chance(0.25))
      await world.console.call('people.disable', { userId: random.pick(users).user.id })
    const mergeId = await merge(world, found)
    if (mergeId === null) return
    // What the kept user had may go meanwhile.
    if (random.chance(0.4))
      for (const [index, user] of users.entries())
        await act(world, user, { path: 'identity.unbind', input: { appId: apps[index] } })
    if (random.chance(0.2))
      for (const user of users)
        await act(world, user, {
          path: 'account.updateProfile',
          input: { nickname: `nick${++world.serials.names}` },
        })
    for (const appId of [one, two]) await enterApp(world, guest, appId)
    if (friend !== null) await enterApp(world, friend, one)
    if (random.chance(0.4))
      for (const { account, password } of users)
        await bindIn(world, {
          guest: newGuest(world),
          appId: third ?? two,
          credential: byPassword({ account, password }),
        })
    if (random.chance(0.85)) {
      const end = world.store.state.merges.get(mergeId)?.undoUntil ?? 0
      // The last one is the ms at which it can be undone no more.
      const last = end - world.serviceClock - world.timeline.now
      await wait(
        world,
        random.pick([100, 5_000, 5_000, 5_000, 20 * hour, 20 * hour, 30 * hour, last]),
      )
      await undo(world, mergeId)
      for (const appId of [one, two]) await enterApp(world, guest, appId)
    } else await wait(world, 26 * hour)
    for (const user of users) await act(world, user, { path: 'me' })
  },
)

export const mergeLives: readonly Action[] = [twoUsersMerge]
