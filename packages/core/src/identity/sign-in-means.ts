import type { UserRecord } from '../account/user.ts'
import type { Identity } from './identity.ts'

/** What decides, beside a user's own data, whether the user can sign in. */
export interface SignInRules {
  /** The configured apps. An identity in another app signs in no user. */
  readonly appIds: readonly string[]
  /** How long a proven number vouches for its owner, in ms; 0: never. */
  readonly phoneTrust: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Everything that a user may sign in with. */
export interface SignInMeans
  extends Pick<UserRecord, 'role' | 'account' | 'passwordHash' | 'phone' | 'phoneProvenAt'> {
  readonly identities: readonly Pick<Identity, 'appId' | 'unionid'>[]
}

/** The user whose number is claimed. */
interface NumberOwner extends SignInMeans {
  /** When an identity was last unbound from the user, in ms since the epoch; null where none is unbound. */
  readonly unboundAt: number | null
}

/**
 * Whether the user can sign in with these means, today and later: by a password with an account name or a number, or by
 * an identity in a configured app. A number alone counts only where it binds the user's WeChat without limit of time, by
 * an equal unionid: what vouches for 90 days would lock the user out on the 91st.
 *
 * @param unionid of the identity that is about to be removed: the user's WeChat comes back with it
 */
export function canStillSignIn(
  means: SignInMeans,
  rules: SignInRules,
  unionid: string | null = null,
): boolean {
  const { passwordHash, identities } = means
  if (hasUsablePassword({ ...means, hasPassword: passwordHash !== null })) return true
  if (identities.some(({ appId }) => rules.appIds.includes(appId))) return true
  // No identity is left in a configured app, so the user may come back in any of them.
  const lasting = { ...rules, phoneTrust: 0 }
  const owner = { ...means, unboundAt: null }
  return rules.appIds.some(
    (appId) => decidePhoneClaim(owner, { appId, unionid, isOwn: false }, lasting) === 'bind',
  )
}

/** Whether the user has a password, and a name or a number to sign in with it. */
export function hasUsablePassword({
  account,
  phone,
  hasPassword,
}: Pick<UserRecord, 'account' | 'phone'> & { readonly hasPassword: boolean }): boolean {
  return hasPassword && (account !== null || phone !== null)
}

/**
 * What becomes of the claim of a WeChat identity on the number that `owner` has: it is bound to the owner, the number
 * moves to a new user, or the claim is rejected. Carriers assign a returned number to another person, in China after 90
 * days at the earliest, so a number vouches for its owner for a limited time. After an unbinding it vouches only once it
 * is proven again: the identity that was unbound may have proven it, as the number of a person who was shut out. An
 * administrator's number binds nothing and moves to no user: an administrator may only clear it.
 */
export function decidePhoneClaim(
  owner: NumberOwner,
  claim: Pick<Identity, 'appId' | 'unionid'> & {
    /** Whether the identity is bound to the owner already. */
    readonly isOwn: boolean
  },
  rules: SignInRules,
): 'bind' | 'move' | 'reject' {
  if (owner.phone === null || owner.role === 'admin') return 'reject'
  const { appId, unionid } = claim
  const unionids = owner.identities.flatMap((identity) => identity.unionid ?? [])
  if (claim.isOwn || (unionid !== null && unionids.includes(unionid))) return 'bind'
  const isOther = unionid !== null && unionids.length > 0
  const hasOtherCredential =
    owner.passwordHash !== null || owner.identities.some((identity) => identity.appId === appId)
  const age = ageOfProof(owner, rules.now)
  const isDoubtful = owner.unboundAt !== null && owner.unboundAt >= (owner.phoneProvenAt ?? 0)
  const vouches = rules.phoneTrust > 0 && age !== null && age <= rules.phoneTrust && !isDoubtful
  if (vouches && !isOther && !hasOtherCredential) return 'bind'
  return canLoseNumber(owner, rules) ? 'move' : 'reject'
}

/**
 * Whether the number's proof is too old to vouch for its owner, and the owner can sign in without the number. False for an
 * administrator.
 */
export function canLoseNumber(owner: SignInMeans, rules: SignInRules): boolean {
  if (owner.role === 'admin') return false
  const age = ageOfProof(owner, rules.now)
  return age !== null && age > rules.phoneTrust && canStillSignIn({ ...owner, phone: null }, rules)
}

/**
 * How long ago the number was proven, in ms. Null for a time in the future: the clock was ahead then, so it is unknown, and
 * the number neither vouches nor moves until it is proven again. A number without a time counts as proven long ago.
 */
function ageOfProof(
  { phoneProvenAt }: Pick<UserRecord, 'phoneProvenAt'>,
  now: number,
): number | null {
  const provenAt = phoneProvenAt ?? 0
  return provenAt <= now ? now - provenAt : null
}
