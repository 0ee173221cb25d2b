import { setTimeout as wait } from 'node:timers/promises'
import { heal, signInAgain } from '../world/end.ts'
import { makeCall } from '../world/phone/calls.ts'
import type { Installation } from '../world/phone/phone.ts'
import type { SlowRun } from './slow-run.ts'
import type { RealWorld } from './world.ts'

/** How long an app may wait at the end, in real ms: a machine that is busy with other work is slow. */
const longestWait = 120_000
/** How often people try: WeChat is asked again, because the service waits 3 s for it and a machine may be busier. */
const mostRounds = 5

/** Ends a run: everything works again, what is under way ends, and each person signs in with a tap. */
export async function endSlowRun({ world, nodes, look, isOver }: SlowRun): Promise<void> {
  heal(world)
  world.story.note(() => 'everything works again, and what is under way ends')
  await Promise.all(nodes.map((node) => node.ready()))
  await settled(world, () => world.timeline.isIdle)
  world.observers.drained()
  await look()
  if (isOver()) return
  // From here on people are in no hurry: time-outs are those of real time.
  world.timeline.setSpeed(1)
  const used = world.devices.flatMap(({ apps }) =>
    [...apps.values()].filter(({ contexts, storage }) => contexts.length > 0 || storage.size > 0),
  )
  let left = used
  for (let round = 0; round < mostRounds && left.length > 0; round++)
    left = await signIn(world, left)
  await look()
  if (!isOver()) world.observers.ended()
}

/** Lets people open their apps and tap “sign in”. Returns the apps that got no answer. */
async function signIn(world: RealWorld, apps: readonly Installation[]): Promise<Installation[]> {
  for (const app of apps) signInAgain(world, app)
  await settled(world)
  // What signed in first may have told the service a unionid, by which another app gets in now.
  await Promise.all(apps.map((app) => tapAgain(world, app)))
  // A sign-in of another WeChat may have ended a session since: a call finds it out.
  const isAnswered = await Promise.all(apps.map((app) => callOnce(app)))
  return apps.filter((_, index) => !isAnswered[index])
}

/** Resolves when no app waits for anything, and `isQuiet` says so, too. */
async function settled({ calls }: RealWorld, isQuiet = () => true): Promise<void> {
  const until = performance.now() + longestWait
  const isWaiting = (): boolean => [...calls.values()].some(({ context }) => context.isAlive)
  while ((isWaiting() || !isQuiet()) && performance.now() < until) await wait(20)
}

async function tapAgain(world: RealWorld, { contexts }: Installation): Promise<void> {
  const context = contexts.at(-1)
  if (context === undefined || context.session.state.status === 'signedIn') return
  await makeCall(world, context, { label: 'signIn', run: () => context.session.signIn() })
}

/** Returns whether the service has answered: with who is signed in, or with a reason why not. */
async function callOnce({ contexts }: Installation): Promise<boolean> {
  const context = contexts.at(-1)
  const status = context?.session.state.status
  if (context === undefined || status !== 'signedIn') return status !== 'offline'
  return context.api.me.query().then(
    () => true,
    (error: { data?: { reason?: unknown } }) => error.data?.reason === 'user_disabled',
  )
}
