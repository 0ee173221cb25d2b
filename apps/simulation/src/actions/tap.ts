import { makeCall } from '../world/phone/calls.ts'
import type { AppContext } from '../world/phone/phone.ts'
import type { World } from '../world/world.ts'

/** A tap on “sign in”. Where the app shows that the person is signed in, there is nothing to tap. */
export function tapSignIn(world: World, context: AppContext): void {
  const { app, session } = context
  if (session.state.status === 'signedIn') return
  world.story.note(() => `${app.device.person} taps “sign in” in ${context.name}`)
  const { decisions } = app
  // It may adopt the sign-in that the sign-out is about to end in storage (README of wx-session, several contexts).
  const isCrossed = [...world.calls.values()].some(
    (call) => call.context.app === app && call.context !== context && call.label === 'signOut',
  )
  if (isCrossed) app.isIntentClear = false
  void makeCall(world, context, { label: 'signIn', run: () => session.signIn() }).then(() => {
    const isDone = session.state.status === 'signedIn' || session.state.status === 'unbound'
    if (!isDone || app.decisions !== decisions) return
    app.intent = 'in'
    app.intentSince = world.timeline.now
  })
}
