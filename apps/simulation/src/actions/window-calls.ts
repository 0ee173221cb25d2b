import { makeCall } from '../world/phone/calls.ts'
import type { AppContext } from '../world/phone/phone.ts'
import type { World } from '../world/world.ts'

/** Reads who is signed in. */
export const callOf = (world: World, context: AppContext): Promise<unknown> =>
  makeCall(world, context, {
    label: 'me',
    run: (options) => context.api.me.query(undefined, options),
  })

/** Something that a person does in a window of an app. */
export type WindowAct = (world: World, context: AppContext) => void

/** Changes the nickname; the session stores what comes back. */
export const rename: WindowAct = (world, context) => {
  const { api, session } = context
  const nickname = `nick${++world.serials.names}`
  void makeCall(world, context, {
    label: `account.updateProfile ${nickname}`,
    run: async (options) => {
      const { user } = await api.account.updateProfile.mutate({ nickname }, options)
      await session.updateUser(user)
    },
  })
}
