import { arrive } from '../world/network.ts'
import type { World } from '../world/world.ts'
import type { Action } from './action.ts'
import {
  bindIn,
  byPassword,
  codeOf,
  enterApp,
  type Guest,
  newGuest,
  numberCodeOf,
  registerIn,
} from './guests.ts'
import { life } from './lives.ts'
import { requestOf, type ScriptedCall, script } from './script.ts'

/** Lets a call arrive at a time of the service's clock, give or take a ms. What it rests on ends at that time. */
async function arriveAt(world: World, end: number, call: ScriptedCall): Promise<void> {
  const { timeline, random, serviceClock } = world
  const at = end + random.pick([-1, 0, 0, 1]) - serviceClock
  if (at < timeline.now) return
  await timeline.pause(at - timeline.now)
  world.story.note(
    () => `${call.path} comes ${at + serviceClock - end} ms from the end of what it rests on`,
  )
  await new Promise((resolve) => arrive(world, requestOf(call), resolve))
}

/** The end of a ticket, or of the minute in which its call may be repeated. */
async function ofTicket(world: World, guest: Guest, appId: string): Promise<void> {
  const input = { appId, code: codeOf(world, guest, appId) }
  const issued = (await script(world, { path: 'miniLogin', input, token: null })) as {
    ticket?: string
    ticketExpiresAt?: string
  } | null
  const owner = await registerIn(world, newGuest(world), otherApp(world, appId))
  if (issued?.ticket === undefined || owner === null) return
  const proof = { ticket: issued.ticket }
  const binding = { proof, credential: byPassword(owner) }
  const call = { path: 'bind', input: binding, token: null }
  if (world.random.chance(0.5)) {
    await arriveAt(world, Date.parse(issued.ticketExpiresAt ?? ''), call)
    return
  }
  await bindIn(world, binding)
  const used = [...world.store.state.tickets.values()].find(
    (ticket) => ticket.used?.userId === owner.user.id,
  )?.used
  if (used != null) await arriveAt(world, used.at + 60_000, call)
}

/** The end of a session, or of the minute after a refresh in which a late one is answered. */
async function ofSession(world: World, guest: Guest, appId: string): Promise<void> {
  const entered = await registerIn(world, guest, appId)
  if (entered === null) return
  const refresh = (refreshToken: string): ScriptedCall => ({
    ...{ path: 'session.refresh', input: { refreshToken }, token: null },
  })
  const { refreshToken } = entered.tokens
  const rows = world.store.state.sessions
  const row = () => [...rows.values()].find(({ userId }) => userId === entered.user.id)
  if (world.random.chance(0.5)) return arriveAt(world, row()?.expiresAt ?? 0, refresh(refreshToken))
  const next = (await script(world, refresh(refreshToken))) as { refreshToken?: string } | null
  if (next?.refreshToken === undefined) return
  await script(world, refresh(next.refreshToken))
  const session = row()
  if (session === undefined) return
  // Later than a minute it proves that there are two.
  world.oracle.model.sessions.get(session.id)?.excuses.add('a token that was late')
  await arriveAt(world, session.rotatedAt + 60_000, refresh(refreshToken))
}

/** The last day on which a proven number vouches for its owner. */
async function ofNumber(world: World, guest: Guest, appId: string): Promise<void> {
  const other = otherApp(world, appId)
  const bind = (app: string): ScriptedCall => ({
    path: 'bind',
    input: {
      proof: { appId: app, code: codeOf(world, guest, app) },
      credential: { type: 'phone', code: numberCodeOf(world, guest, app) },
    },
    token: null,
  })
  world.wechat.forgetsUnionid = true
  await script(world, bind(appId))
  const user = [...world.store.state.users.values()].find(({ phone }) => phone === guest.number)
  if (user?.phoneProvenAt == null || world.config.phoneTrust === 0) return
  const end = user.phoneProvenAt + world.config.phoneTrust
  await world.timeline.pause(end - world.serviceClock - world.timeline.now - 1_000)
  // A code of WeChat lives for minutes.
  await arriveAt(world, end, bind(other))
}

const otherApp = ({ config }: World, appId: string): string =>
  config.appIds.find((other) => other !== appId) ?? appId

const atTheEnd = life('a call comes at the last moment', 1.2, async (world, guest) => {
  const { random, config } = world
  const appId = random.pick(config.appIds)
  await random.pick([ofTicket, ofTicket, ofSession])(world, guest, appId)
})

const day = 24 * 3_600_000

const numberAtTheEnd = life('a number comes on its last day', 0.12, async (world, guest) =>
  ofNumber(world, guest, world.random.pick(world.config.appIds)),
)

/** It is proven again after two months, and vouches for its owner from then on. */
const provenAgain = life('a number is proven again', 0.12, async (world, guest) => {
  const { random, config, wechat, timeline } = world
  const appId = random.pick(config.appIds)
  const bindByNumber = (app: string) => {
    wechat.forgetsUnionid = true
    const credential = { type: 'phone', code: numberCodeOf(world, guest, app) }
    return bindIn(world, { guest, appId: app, credential })
  }
  if ((await bindByNumber(appId)) === null) return
  await timeline.pause(60 * day)
  const entered = await enterApp(world, guest, appId)
  if (entered === null) return
  const input = { code: numberCodeOf(world, guest, appId) }
  const token = entered.tokens.accessToken
  await script(world, { path: 'account.bindPhone', input, token })
  await timeline.pause(60 * day)
  await bindByNumber(otherApp(world, appId))
})

/** An administrator never leaves the console: the session ends after twelve hours all the same. */
const allDay = life('an administrator works all day', 0.1, async (world) => {
  for (let call = 0; call < 42; call++) {
    await world.console.call('people.view', { userId: 'administrator' })
    await world.timeline.pause(20 * 60_000)
  }
})

/** A session that is refreshed each month lives for twelve times thirty days. */
const allYear = life('a session is refreshed for a year', 0.06, async (world, guest) => {
  const entered = await registerIn(world, guest, world.random.pick(world.config.appIds))
  let refreshToken = entered?.tokens.refreshToken
  for (let month = 0; month < 17 && refreshToken !== undefined; month++) {
    await world.timeline.pause(22 * day)
    const input = { refreshToken }
    const reply = await script(world, { path: 'session.refresh', input, token: null })
    refreshToken = (reply as { refreshToken?: string } | null)?.refreshToken
  }
})

/** The days pass while the rest of the world goes on. */
const passing = (action: Action, days: number): Action => ({
  ...action,
  play(world) {
    action.play(world)
    world.timeline.runUntil(world.timeline.now + 4_000)
    world.story.note(() => `${days} days pass`)
    world.timeline.runUntil(world.timeline.now + days * day)
  },
})

export const edges: readonly Action[] = [
  atTheEnd,
  passing(numberAtTheEnd, 91),
  passing(provenAgain, 121),
  passing(allDay, 0.6),
  passing(allYear, 380),
]
