import { quiet } from './config.ts'
import { openContext } from './phone/app-context.ts'
import { makeCall } from './phone/calls.ts'
import type { Installation } from './phone/phone.ts'
import type { World } from './world.ts'

const minute = 60_000

/** Ends a run: everything works again, what is under way ends, and each person signs in with a tap. */
export function endRun(world: World, isOver: () => boolean): void {
  heal(world)
  world.story.note(() => 'everything works again, and what is under way ends')
  world.timeline.runUntil(world.timeline.now + 30 * minute)
  world.observers.drained()
  if (isOver()) return
  const used = world.devices.flatMap(({ apps }) =>
    [...apps.values()].filter(({ contexts, storage }) => contexts.length > 0 || storage.size > 0),
  )
  for (const app of used) signInAgain(world, app)
  world.timeline.runUntil(world.timeline.now + 5 * minute)
  // What signed in first may have told the service a unionid, by which another app gets in now. It may also have removed a
  // merged user: until then the WeChat of that user is refused in an app that shows its sign-in, and a tap tries again.
  for (const app of used) {
    const context = app.contexts.at(-1)
    if (context === undefined) continue
    void makeCall(world, context, { label: 'signIn', run: () => context.session.signIn() })
  }
  world.timeline.runUntil(world.timeline.now + 5 * minute)
  // A sign-in of another WeChat may have ended a session since: a call finds it out.
  for (const app of used) {
    const context = app.contexts.at(-1)
    if (context?.session.state.status === 'signedIn') void context.api.me.query().catch(() => {})
  }
  world.timeline.runUntil(world.timeline.now + 5 * minute)
  if (!isOver()) world.observers.ended()
}

export function signInAgain(world: World, app: Installation): void {
  for (const context of app.contexts) context.kill()
  const context = openContext(world, app)
  const { session, api } = context
  app.intent = 'in'
  app.intentSince = world.timeline.now
  world.story.note(
    () =>
      `${app.device.person} opens “${app.appId}” on ${app.device.name} again and taps “sign in”`,
  )
  void makeCall(world, context, {
    label: 'signIn',
    run: async () => {
      await session.launch()
      await session.signIn()
      // What is shown may be from before: a call finds out whether it still holds.
      if (session.state.status === 'signedIn') await api.me.query().catch(() => undefined)
    },
  })
}

export function heal(world: World): void {
  world.noise = quiet
  world.wechat.mood = 'well'
  world.wechat.blocked.clear()
  world.wechat.forgetsUnionid = false
  if (world.serviceClock !== 0) world.clockJumpedAt = world.timeline.now
  world.serviceClock = 0
  const keys = [...new Set(world.nodes.flatMap((node) => node.keys))].sort((a, b) => b - a)
  for (const node of world.nodes) {
    node.kill()
    node.keys = keys
    node.start()
  }
  for (const device of world.devices) {
    device.clockOffset = 0
    device.isOffline = false
    for (const app of device.apps.values()) app.storageMood = 'well'
  }
}
