import type { ClaimedIdentity, Identity, OpenedSignIn } from '@mianmi/core'
import { keyOf, lastTwo, type ModelUser, ownerOf, toldOf } from '../oracle/model.ts'
import { forget } from '../oracle/told.ts'
import type { CommittedVerb } from '../world/server/service.ts'
import type { World } from '../world/world.ts'
import { lateness } from './clocks.ts'
import type { Invariant } from './invariant.ts'

interface NumberClaim {
  readonly phone: string
  readonly identity: Pick<Identity, 'appId' | 'openid'> & { readonly unionid?: string | null }
  /** By the clock of the node. */
  readonly now: number
  /** Who has the number since. */
  readonly userId: string
}

export const numberOfOwner: Invariant = {
  name: 'number-of-owner',
  sentence:
    'A number opens a user to the person who proved it for that user within PHONE_TRUST_DAYS or whom WeChat proves to be the same, never to whom the carrier gave it since; and it moves only when its proof is old.',
  sees: 'before',
  watch(world, fail) {
    return {
      committed(verb) {
        const claim = claimOf(verb)
        if (claim === null) return
        if (!world.wechat.hasVouchedFor(claim.identity.openid, claim.phone))
          return fail(`${verb.name} took a number that WeChat has not vouched for`)
        const owner = [...world.oracle.model.users.values()].find(
          ({ phone }) => phone === claim.phone,
        )
        if (owner === undefined) return
        const fault =
          owner.id === claim.userId
            ? verb.name === 'identities.bindPhone'
              ? faultOfOpening(world, owner, claim)
              : null
            : faultOfMove(world, owner, claim.now)
        if (fault !== null) fail(fault)
      },
    }
  },
}

function claimOf({ name, args: [given], result }: CommittedVerb): NumberClaim | null {
  if (name === 'users.setPhone' && typeof result !== 'string') {
    const { provenBy, phone, rules } = given as {
      provenBy: NumberClaim['identity']
      phone: string
      rules: { now: number }
    }
    return { phone, identity: provenBy, now: rules.now, userId: (result as { id: string }).id }
  }
  const opened = result as OpenedSignIn
  if (name !== 'identities.bindPhone' || opened.status !== 'bound') return null
  const { claim, phone, rules } = given as {
    claim: ClaimedIdentity
    phone: string
    rules: { now: number }
  }
  return { phone, identity: claim.identity, now: rules.now, userId: opened.user.id }
}

/** A slow run does not know to the ms when a node has done something. */
const unsure = (world: World): number => (world.config.lag === 0 ? 0 : lateness(world))

function faultOfMove(world: World, { phoneProvenAt }: ModelUser, now: number): string | null {
  const isOld = now - phoneProvenAt > world.config.phoneTrust - unsure(world)
  return isOld ? null : 'a number was taken from a user who had proven it lately'
}

function faultOfOpening(
  world: World,
  user: ModelUser,
  { identity, now }: NumberClaim,
): string | null {
  const { oracle, config } = world
  const { model } = oracle
  if (ownerOf(model, identity)?.id === user.id) return null
  // What WeChat has said of it may have been kept by nothing.
  forget(oracle, identity)
  const bindings = [...user.bindings.values()]
  // What came with a code is newer than what was told before.
  const unionid = identity.unionid ?? toldOf(model, identity).at(-1) ?? null
  const known = bindings.flatMap((binding) => lastTwo(toldOf(model, binding)))
  if (unionid !== null && known.includes(unionid)) return null
  const person = oracle.personOf(identity.openid)
  if (user.phoneProvenBy !== person)
    return `the number of ${user.phoneProvenBy} opened the user to ${person}`
  const unboundAt = user.shutOut.get(keyOf(identity))?.at
  // It may have been the number of a person who was shut out.
  if (unboundAt !== undefined && unboundAt >= user.phoneProvenAt && user.bindings.size === 0)
    return 'an identity that was unbound came back by a number that it may have proven itself'
  const isDoubtful = [...user.shutOut.values()].some(({ at }) => at >= user.phoneProvenAt)
  if (user.passwordHash !== null) return 'a number alone opened a user who has a password'
  const age = now - user.phoneProvenAt
  if (age > config.phoneTrust + unsure(world) || age < -unsure(world))
    return 'a number opened a user although its proof is old'
  if (isDoubtful) return 'a number opened a user from whom an identity was unbound since its proof'
  return unionid !== null && known.length > 0 ? 'a number opened a user to another unionid' : null
}
