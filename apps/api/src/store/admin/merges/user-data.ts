import { createHash } from 'node:crypto'
import type { MergePreview, PersonIdentity } from '@mianmi/core/admin'
import type { Database } from '../../database.ts'
import type { MovedUnbinding } from '../../identity/unbindings.ts'
import type { ConflictRow } from './conflicts.ts'

/** The columns that a merge may move from one user's row to the other. */
interface MovableData {
  readonly account: string | null
  readonly accountKey: string | null
  readonly passwordHash: string | null
  readonly phone: string | null
  readonly phoneKey: string | null
  readonly sealedPhone: string | null
  readonly phoneProvenAt: number | null
  readonly nickname: string | null
  readonly avatarUrl: string | null
}

export interface UserRow extends MovableData {
  readonly id: string
  readonly disabledAt: number | null
  readonly mergedInto: string | null
}

/**
 * What an undo needs: the moved values as they were. Phone numbers are sealed, and a password is kept only as a
 * fingerprint of its hash.
 */
export interface MovedData extends Omit<MovableData, 'passwordHash'> {
  readonly identities: readonly Pick<PersonIdentity, 'appId' | 'openid' | 'boundAt' | 'boundBy'>[]
  readonly unbindings: readonly MovedUnbinding[]
  readonly passwordFingerprint: string | null
  readonly disabledAt: number | null
  readonly dropped: readonly ConflictRow[]
  readonly made: readonly ConflictRow[]
}

const noAccount = { account: null, accountKey: null, passwordHash: null }
const noPhone = { phone: null, phoneKey: null, sealedPhone: null, phoneProvenAt: null }

const accountOf = ({ account, accountKey, passwordHash }: MovableData) => ({
  account,
  accountKey,
  passwordHash,
})
const phoneOf = ({ phone, phoneKey, sealedPhone, phoneProvenAt }: MovableData) => ({
  phone,
  phoneKey,
  sealedPhone,
  phoneProvenAt,
})

const fingerprintOf = (hash: string | null): string | null =>
  hash === null ? null : createHash('sha256').update(hash).digest('base64url')

/** The number of a row as it is stored for a user, under the first key of the service. */
function sealFor(
  userId: string,
  from: { readonly id: string; readonly sealedPhone: string },
  phones: Database['phones'],
): Pick<MovableData, 'phoneKey' | 'sealedPhone'> {
  const phone = phones.open(from.id, from.sealedPhone)
  return { phoneKey: phones.key(phone), sealedPhone: phones.seal(userId, phone) }
}

/** Moves the data of `moves` from one row to the other, and records it for the undo. */
export function moveUserData(
  from: UserRow,
  to: UserRow,
  { moves, phones }: { moves: MergePreview['moves']; phones: Database['phones'] },
): {
  from: UserRow
  to: UserRow
  moved: Omit<MovedData, 'identities' | 'unbindings' | 'dropped' | 'made'>
} {
  const account = moves.account === null ? noAccount : accountOf(from)
  const phone = moves.phone === null ? noPhone : phoneOf(from)
  const { sealedPhone } = phone
  const movedPhone =
    sealedPhone === null
      ? {}
      : { ...phone, ...sealFor(to.id, { id: from.id, sealedPhone }, phones) }
  const { nickname, avatarUrl } = moves
  const { passwordHash, ...accountName } = account
  return {
    from: {
      ...from,
      ...(moves.account === null ? {} : noAccount),
      ...(moves.phone === null ? {} : noPhone),
      ...(nickname === null ? {} : { nickname: null }),
      ...(avatarUrl === null ? {} : { avatarUrl: null }),
    },
    to: {
      ...to,
      ...(moves.account === null ? {} : account),
      ...movedPhone,
      ...(nickname === null ? {} : { nickname }),
      ...(avatarUrl === null ? {} : { avatarUrl }),
    },
    moved: {
      ...accountName,
      passwordFingerprint: fingerprintOf(passwordHash),
      ...phone,
      nickname,
      avatarUrl,
      disabledAt: from.disabledAt,
    },
  }
}

/** Returns what is unchanged since the merge to the first user. What was changed since stays. */
export function returnUserData(
  kept: UserRow,
  gone: UserRow,
  { moved, phones }: { moved: MovedData; phones: Database['phones'] },
): { kept: UserRow; gone: UserRow } {
  const account =
    moved.accountKey !== null &&
    moved.accountKey === kept.accountKey &&
    moved.passwordFingerprint === fingerprintOf(kept.passwordHash)
  const phone = returnedNumber(kept, gone.id, { moved, phones })
  const nickname = moved.nickname !== null && moved.nickname === kept.nickname
  const avatar = moved.avatarUrl !== null && moved.avatarUrl === kept.avatarUrl
  return {
    kept: {
      ...kept,
      ...(account ? noAccount : {}),
      ...(phone === null ? {} : noPhone),
      ...(nickname ? { nickname: null } : {}),
      ...(avatar ? { avatarUrl: null } : {}),
    },
    gone: {
      ...gone,
      ...(account ? accountOf(kept) : {}),
      ...phone,
      ...(nickname ? { nickname: moved.nickname } : {}),
      ...(avatar ? { avatarUrl: moved.avatarUrl } : {}),
      disabledAt: moved.disabledAt,
    },
  }
}

/**
 * The columns of the moved number for the user who had it, where the kept user still has it. It may have been proven
 * again since, and stored under another key of the service.
 */
function returnedNumber(
  kept: UserRow,
  userId: string,
  { moved, phones }: { moved: MovedData; phones: Database['phones'] },
): ReturnType<typeof phoneOf> | null {
  const { id, sealedPhone } = kept
  if (moved.phoneKey === null || sealedPhone === null) return null
  const phone = phones.open(id, sealedPhone)
  if (!phones.keys(phone).includes(moved.phoneKey)) return null
  const number =
    moved.phoneKey === phones.key(phone)
      ? { phoneKey: moved.phoneKey, sealedPhone: moved.sealedPhone }
      : sealFor(userId, { id, sealedPhone }, phones)
  return { ...phoneOf(kept), ...number }
}
