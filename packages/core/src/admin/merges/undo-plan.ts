import { canStillSignIn, type SignInMeans, type SignInRules } from '../../identity/sign-in-means.ts'

/** For each credential, whether it moved, or whether it is still as the merge left it. */
export interface Credentials {
  readonly account: boolean
  readonly password: boolean
  readonly phone: boolean
}

/**
 * Which credentials an undo gives back. A password that moved goes back together with the name, or else the number, that
 * moved with it: where one of the two was changed since, both stay with the kept user, who signs in with them.
 *
 * @param same which ones the kept user still has as the merge left them
 */
export function planUndo(moved: Credentials, same: Credentials): Credentials {
  const isPasswordSame = !moved.password || same.password
  const isNameSame = moved.account ? same.account : !moved.phone || same.phone
  return {
    account: moved.account && same.account && isPasswordSame,
    password: moved.password && same.password && isNameSame,
    phone: moved.phone && same.phone,
  }
}

/**
 * Whether an undo would take from the kept user the last way to sign in, as `identity.unbind` never does. It may where
 * the kept user could not sign in before the merge either.
 */
export function leavesNoWayIn(
  kept: { couldSignIn: boolean; now: SignInMeans; after: SignInMeans },
  rules: SignInRules,
): boolean {
  return kept.couldSignIn && canStillSignIn(kept.now, rules) && !canStillSignIn(kept.after, rules)
}
