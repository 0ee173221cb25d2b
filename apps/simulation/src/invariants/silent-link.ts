import type { ClaimedIdentity, Identity, OpenedSignIn } from '@mianmi/core'
import { keyOf, lastTwo, ownerOf, toldOf } from '../oracle/model.ts'
import type { CommittedVerb } from '../world/server/service.ts'
import type { World } from '../world/world.ts'
import type { Invariant } from './invariant.ts'

interface SignInVerb {
  readonly identity: Identity
  readonly result: OpenedSignIn
}

/** A sign-in by a login code alone, to a user who was there before. */
function silentSignIn({ name, args, result }: CommittedVerb): SignInVerb | null {
  if (name !== 'identities.signIn' && name !== 'identities.signUp') return null
  const opened = result as OpenedSignIn
  if (opened.status !== 'bound' || opened.newUser) return null
  return { identity: (args[0] as { identity: Identity }).identity, result: opened }
}

export const shutOutStaysOut: Invariant = {
  name: 'shut-out-stays-out',
  sentence:
    'What was unbound signs in to its former user in no app and through no unionid, until a proof of its own binds it.',
  sees: 'before',
  watch({ oracle }, fail) {
    const { model } = oracle
    return {
      committed(verb) {
        const found = silentSignIn(verb)
        if (found === null) return
        const { identity, result } = found
        const owner = ownerOf(model, identity)
        if (owner?.id === result.user.id) return
        if (owner !== null)
          return fail(`a sign-in of an identity of user ${owner.id} opened user ${result.user.id}`)
        const user = model.users.get(result.user.id)
        if (user?.shutOut.has(keyOf(identity)))
          return fail('an identity that was unbound came back by itself')
        const { unionid } = identity
        // What the unionid says now, and what the user's identities with the same one say about themselves.
        const known = [...(user?.bindings.values() ?? [])]
          .map((binding) => lastTwo(toldOf(model, binding)))
          .filter((unionids) => unionids.at(-1) === unionid)
        const all = [unionid, ...known.flat()]
        for (const key of user?.shutOut.keys() ?? []) {
          const [appId = '', openid = ''] = key.split(' ')
          const isSame = lastTwo(toldOf(model, { appId, openid })).some((one) => all.includes(one))
          if (isSame)
            return fail('a WeChat that was unbound came back through another app, by its unionid')
        }
      },
    }
  },
}

export const onePerson: Invariant = {
  name: 'one-person',
  sentence:
    'One person is one user where WeChat proves it, and two people are never made one where it does not.',
  sees: 'before',
  watch(world, fail) {
    return {
      committed(verb) {
        const found = silentSignIn(verb)
        const fault = found === null ? faultOfMissingLink(world, verb) : faultOfLink(world, found)
        const other = fault ?? faultOfAbsorption(world, verb) ?? faultOfMerge(world, verb)
        if (other !== null) fail(other)
      },
      stored: () => checkConflicts(world, fail),
    }
  },
}

/** What is wrong with a silent link; null where WeChat proves it. */
function faultOfLink({ oracle }: World, { identity, result }: SignInVerb): string | null {
  const { model } = oracle
  const user = model.users.get(result.user.id)
  if (user === undefined || user.bindings.get(identity.appId)?.openid === identity.openid)
    return null
  if (user.bindings.has(identity.appId)) return 'a user got a second identity in an app'
  const { unionid } = identity
  const same = [...user.bindings.values()].filter(
    (binding) => unionid !== null && toldOf(model, binding).at(-1) === unionid,
  )
  if (same.length === 0)
    return 'an identity was bound by itself to a user of whom WeChat does not say that it is the same person'
  const isOfTwo = [...model.users.values()].some(
    ({ id, mergedInto, bindings }) =>
      id !== user.id &&
      mergedInto === null &&
      [...bindings.values()].some((binding) => toldOf(model, binding).at(-1) === unionid),
  )
  if (isOfTwo)
    return 'an identity was bound by itself to one of two users whom WeChat proves it to be'
  const person = oracle.personOf(identity.openid)
  if (same.some(({ openid }) => oracle.personOf(openid) === person)) return null
  return `the identity of ${person} was bound by itself to a user of another person`
}

/** What is wrong with a sign-in that finds no user; null where WeChat proves no user to be the same person. */
function faultOfMissingLink(
  { oracle }: World,
  { name, args, result }: CommittedVerb,
): string | null {
  if (name !== 'identities.signIn' || (result as { status: string }).status !== 'unbound')
    return null
  const { identity } = args[0] as { identity: Identity }
  const { unionid, appId } = identity
  const users = [...oracle.model.users.values()]
  if (unionid === null || users.some(({ shutOut }) => shutOut.has(keyOf(identity)))) return null
  const [owner, another] = users.filter(
    ({ bindings, mergedInto }) =>
      mergedInto === null &&
      [...bindings.values()].some((binding) => toldOf(oracle.model, binding).at(-1) === unionid),
  )
  if (owner === undefined || another !== undefined) return null
  if (owner.bindings.has(appId) || owner.shutOut.size > 0) return null
  return 'a WeChat that is bound in another app was not signed in by its unionid'
}

/** A user whose WeChat goes to a proven account has nothing else: otherwise two users are made one without a proof. */
function faultOfAbsorption(
  { oracle }: World,
  { name, args, result }: CommittedVerb,
): string | null {
  const { model, personOf } = oracle
  const opened = result as OpenedSignIn | null
  const isBinding = name === 'identities.bind' || name === 'identities.bindPhone'
  if (!isBinding || opened?.status !== 'bound') return null
  const { identity } = (args[0] as { claim: ClaimedIdentity }).claim
  const owner = ownerOf(model, identity)
  if (owner === null || owner.id === opened.user.id) return null
  const { account, passwordHash, phone, isDisabled, bindings } = owner
  if ([account, passwordHash, phone].some((value) => value !== null) || isDisabled)
    return `a user with more than a first sign-in lost its identity to ${opened.user.id}`
  const isOfOne = [...bindings.values()].every(
    ({ openid }) => personOf(openid) === personOf(identity.openid),
  )
  return isOfOne ? null : 'a user with the identities of two people was absorbed'
}

/** A merge can be undone for a day. */
function faultOfMerge({ oracle }: World, { name, args, result }: CommittedVerb): string | null {
  const { state } = oracle
  if (name === 'merges.undo' && result === 'undone') {
    const merge = state.merges.get(args[0] as string)
    const isLate = merge !== undefined && oracle.now() - merge.mergedAt > 25 * 3_600_000
    return isLate ? 'a merge was undone after a day' : null
  }
  return null
}

/** Where two users have one unionid, an administrator is told. */
function checkConflicts({ store }: World, fail: (detail: string) => void): void {
  const { identities, users, conflicts } = store.state
  const owners = new Map<string, string>()
  for (const { unionid, userId } of identities.values()) {
    if (unionid === null || users.get(userId)?.mergedInto != null) continue
    const other = owners.get(unionid)
    owners.set(unionid, userId)
    if (other === undefined || other === userId) continue
    const isTold = [...conflicts.values()].some(
      (row) => row.unionid === unionid && [row.firstUserId, row.secondUserId].includes(userId),
    )
    if (!isTold) fail('two users have one unionid, and no administrator is told')
  }
}
