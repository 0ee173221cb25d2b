import type { IdentityRef } from '../identity/identity.ts'
import type { SignInRules } from '../identity/sign-in-means.ts'
import type { Caller, RefusedCaller } from '../session/caller.ts'
import type { UserRecord } from './user.ts'

/** Each verb with a `caller` checks the caller by `refuseCaller` in its transaction, before anything else. */
export interface UserStore {
  /** The user with this normal form of an account name. A plain read; it proves nothing. */
  findByAccount(accountKey: string): Promise<UserRecord | null>
  /** The user with this phone number, in the form of `phoneNumber`. A plain read; it proves nothing. */
  findByPhone(phone: string): Promise<UserRecord | null>
  /** Null where the user has no password or does not exist. */
  findPasswordHash(userId: string): Promise<string | null>
  /**
   * Compare-and-set: stores `to`, a hash of the same password, where the hash is still `from`. No session ends. Of concurrent
   * calls one returns true.
   */
  renewPasswordHash(userId: string, change: { from: string; to: string }): Promise<boolean>
  /**
   * Changes the given fields and keeps the others. A stored picture is deleted in the same transaction when its
   * address is replaced.
   */
  updateProfile(caller: Caller, change: ProfileChange): Promise<UserRecord | RefusedCaller>
  /**
   * Compare-and-set: stores `to` where the hash is still `from`, and ends every other session in the same
   * transaction. Of concurrent changes from the same hash one is `changed` and the others are `outdated`. `name` is given
   * to a user who has no account name; `account_taken` where another user has it. `unnamed` where it would be a first
   * password of a user without a name and a number, who could not sign in by it. `provenBy` is the identity that proved
   * the change, null where the current password did; `unproven` where the user does not have it any more.
   */
  changePassword(change: {
    caller: Caller
    from: string | null
    to: string
    provenBy: IdentityRef | null
    name?: { account: string; accountKey: string }
  }): Promise<'changed' | 'outdated' | 'account_taken' | 'unnamed' | 'unproven' | RefusedCaller>
  /**
   * Gives the user a phone number that was proven now; the user's own number is proven again. `taken` where another
   * user has it, unless that proof is older than the rules allow and its user can sign in without the number: then the
   * other user loses the number, with a password that is of no use without it, and nothing else. Of concurrent callers
   * one gets it. `unproven` where the user does not have the identity any more whose WeChat proved the number.
   */
  setPhone(request: {
    caller: Caller
    provenBy: IdentityRef
    phone: string
    rules: SignInRules
  }): Promise<PhoneOwner | 'taken' | 'unproven' | RefusedCaller>
  /**
   * Deletes the user and all personal data: identities, sessions, keys, tickets. The audit log keeps its lines, with
   * address and device, under a pseudonym that nothing links to the user any more.
   */
  remove(userId: string): Promise<void>
  /** The same for the caller. `unproven` where the user does not have the identity any more that proved the wish. */
  removeCaller(request: {
    caller: Caller
    provenBy: IdentityRef
  }): Promise<'removed' | 'unproven' | RefusedCaller>
}

/** A user with a new number, and the user who lost it where there is one. */
export interface PhoneOwner extends UserRecord {
  readonly movedFrom?: string
}

export interface ProfileChange {
  readonly nickname?: string | null | undefined
  readonly avatarUrl?: string | null | undefined
}
