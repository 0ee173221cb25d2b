import type { Action } from './action.ts'
import { act, bindIn, byPassword, codeOf, newGuest, registerIn, ticketOf } from './guests.ts'
import { life, wait } from './lives.ts'

const repeats = [
  'the same',
  'another account',
  'another proof',
  'after an unbinding',
  'late',
  'after a change',
  'after a disabling',
  'after the last try',
] as const

const ticketComesAgain = life('a ticket of a guest comes again', 1.2, async (world, guest) => {
  const { random, config } = world
  const [appId, other] = [random.pick(config.appIds), random.pick(config.appIds)]
  if (appId === other) return
  const owner = await registerIn(world, newGuest(world), other)
  if (owner === null) return
  const ticket = await ticketOf(world, guest, appId)
  if (ticket === null) return
  const proof = { ticket }
  const how = random.pick(repeats)
  if (how === 'after the last try')
    for (let index = 0; index < 4; index++)
      await bindIn(world, { proof, credential: byPassword({ ...owner, password: `no ${index}` }) })
  const bound = await bindIn(world, { proof, credential: byPassword(owner) })
  if (bound === null) return
  world.story.note(
    () => `${guest.name} has bound to ${owner.account}; the call comes again: ${how}`,
  )
  let credential: object = byPassword(owner)
  if (how === 'another account') {
    const stranger = await registerIn(world, newGuest(world), other)
    if (stranger !== null) credential = byPassword(stranger)
  }
  if (how === 'another proof') credential = { type: 'phone', code: 'made up' }
  if (how === 'after an unbinding')
    await act(world, random.pick([bound, owner]), { path: 'identity.unbind', input: { appId } })
  if (how === 'after a change') {
    const input = {
      currentPassword: owner.password,
      newPassword: `password${++world.serials.names}`,
    }
    await act(world, owner, { path: 'account.changePassword', input })
  }
  if (how === 'after a disabling')
    await world.console.call('people.disable', { userId: owner.user.id })
  if (how === 'late') await wait(world, random.pick([61_000, 100_000, 200_000]))
  await bindIn(world, { proof, credential })
  if (random.chance(0.3)) {
    const code = codeOf(world, guest, appId)
    await bindIn(world, { proof: { appId, code }, credential: byPassword(owner) })
  }
})

export const ticketLives: readonly Action[] = [ticketComesAgain]
