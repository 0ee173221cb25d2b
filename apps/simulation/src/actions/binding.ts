import type { Proof } from '@mianmi/contracts'
import type { Person } from '../world/people.ts'
import { makeCall } from '../world/phone/calls.ts'
import type { AppContext } from '../world/phone/phone.ts'
import type { World } from '../world/world.ts'
import { phoneCodeOf } from './account.ts'
import { type Action, later, personOf, pickContext, pickContextThatIs } from './action.ts'
import { repeatSpent } from './sequences.ts'
import { tapSignIn } from './tap.ts'

type BindInput = Parameters<AppContext['service']['bind']['mutate']>[0]
type RegisterInput = Parameters<AppContext['service']['register']['mutate']>[0]

interface Binding {
  readonly label: string
  readonly call:
    | { readonly path: 'bind'; readonly input: BindInput }
    | { readonly path: 'register'; readonly input: RegisterInput }
  /** What the person knows once it is done, and where the reply was lost. */
  onSent?(): void
}

/** Binds or registers as an app does: the reply is accepted, and a call whose reply was lost is repeated once. */
function bindAction(
  name: string,
  weight: number,
  make: (
    world: World,
    who: { context: AppContext; person: Person; proof: Proof },
  ) => Binding | null,
): Action {
  return {
    name,
    weight,
    isNeeded: true,
    play(world) {
      const context = world.random.chance(0.9)
        ? (pickContextThatIs(world, 'unbound') ?? pickContext(world))
        : pickContext(world)
      const person = personOf(world, context.app.device)
      if (isExpired(world, context) && world.random.chance(0.5)) {
        // An app asks for a new ticket when it shows the form.
        tapSignIn(world, context)
        return
      }
      const proof = proofOf(world, context, person)
      const binding = make(world, { context, person, proof })
      if (binding === null) return
      send(world, { context, binding, isRepeat: false, person })
    },
  }
}

function send(
  world: World,
  {
    context,
    binding,
    isRepeat,
    person,
  }: { context: AppContext; binding: Binding; isRepeat: boolean; person: Person },
): void {
  const { app, session } = context
  world.story.note(
    () => `${person.name} ${isRepeat ? 'repeats' : 'calls'} ${binding.label} in ${context.name}`,
  )
  void makeCall(world, context, {
    label: 'bind',
    run: async (options) => {
      const { service } = context
      const { call } = binding
      const reply = await (call.path === 'bind'
        ? service.bind.mutate(call.input, options)
        : service.register.mutate(call.input, options))
      binding.onSent?.()
      keepSpent(world, { context, person, call })
      if (!context.isAlive) return reply
      app.intent = 'in'
      app.intentSince = world.timeline.now
      app.decisions += 1
      await makeCall(world, context, { label: 'accept', run: () => session.accept(reply) })
      return reply
    },
  }).then(({ outcome }) => {
    if (outcome?.kind === 'link' && !isRepeat && context.isAlive)
      send(world, { context, binding, isRepeat: true, person })
  })
}

function keepSpent(
  world: World,
  { context, person, call }: { context: AppContext; person: Person; call: Binding['call'] },
): void {
  const { proof } = call.input
  if (!('ticket' in proof)) return
  const spent = { ...call, ticket: proof.ticket, person: person.name, context }
  world.loot.spent.push(spent)
  if (world.random.chance(0.25))
    later(world, world.random.between(50, 3_000), () => repeatSpent(world, spent))
}

function isExpired({ timeline }: World, { session: { state } }: AppContext): boolean {
  return state.status === 'unbound' && Date.parse(state.ticketExpiresAt) <= timeline.now
}

function proofOf(world: World, { app, session }: AppContext, person: Person): Proof {
  const { state } = session
  if (state.status === 'unbound' && world.random.chance(0.8)) {
    world.loot.tickets.push(state.ticket)
    return { ticket: state.ticket }
  }
  const code = world.wechat.loginCode(person.name, app.appId)
  if (world.random.chance(0.2)) world.loot.codes.push({ appId: app.appId, code })
  return { appId: app.appId, code }
}

const register = bindAction('a person registers', 8, (world, { person, proof }) => {
  const isTaken = world.random.chance(0.1) && person.accounts.length > 0
  const account = isTaken
    ? world.random.pick(person.accounts).account
    : `${person.name.toLowerCase()}${++world.serials.names}`
  // One that everybody uses is refused.
  const password = world.random.chance(0.03) ? 'password' : `password${++world.serials.names}`
  return {
    label: `register ${account}`,
    call: { path: 'register', input: { proof, account, password } },
    onSent: () => void person.accounts.push({ account, password }),
  }
})

const bindByPassword = bindAction('a person binds by password', 8, (world, { person, proof }) => {
  if (person.accounts.length === 0) return null
  const { account, password } = world.random.pick(person.accounts)
  const isWrong = world.random.chance(0.1)
  const credential = {
    type: 'password',
    account,
    password: isWrong ? 'wrong password' : password,
  } as const
  return {
    label: `bind to ${account}${isWrong ? ' with a wrong password' : ''}`,
    call: { path: 'bind', input: { proof, credential } },
  }
})

const bindByPhone = bindAction(
  'a person binds by number',
  7,
  (world, { context, person, proof }) => {
    const code = phoneCodeOf(world, context.app.appId, person)
    const credential = { type: 'phone', code } as const
    return {
      label: `bind by the number ${person.number}`,
      call: { path: 'bind', input: { proof, credential } },
    }
  },
)

export const bindingActions: readonly Action[] = [register, bindByPassword, bindByPhone]
