import { createHash } from 'node:crypto'
import type { MergePreview, PersonIdentity } from '@mianmi/core/admin'
import type { Database } from '../../database.ts'
import type { ConflictRow } from './conflicts.ts'

/** What a merge may move of a user's own row. */
interface MovableData {
  readonly account: string | null
  readonly accountKey: string | null
  readonly passwordHash: string | null
  readonly phone: string | null
  readonly phoneKey: string | null
  readonly sealedPhone: string | null
  readonly nickname: string | null
  readonly avatarUrl: string | null
}

export interface UserRow extends MovableData {
  readonly id: string
  readonly disabledAt: number | null
  readonly mergedInto: string | null
}

/** What an undo goes by: what moved, as it was. Sealed numbers only, and of a password only what it is known by. */
export interface Moved extends Omit<MovableData, 'passwordHash'> {
  readonly identities: readonly Pick<PersonIdentity, 'appId' | 'openid' | 'boundAt'>[]
  readonly passwordFingerprint: string | null
  readonly disabledAt: number | null
  readonly dropped: readonly ConflictRow[]
  readonly made: readonly ConflictRow[]
}

const noAccount = { account: null, accountKey: null, passwordHash: null }
const noPhone = { phone: null, phoneKey: null, sealedPhone: null }

const accountOf = ({ account, accountKey, passwordHash }: MovableData) => ({
  account,
  accountKey,
  passwordHash,
})
const phoneOf = ({ phone, phoneKey, sealedPhone }: MovableData) => ({
  phone,
  phoneKey,
  sealedPhone,
})

const fingerprintOf = (hash: string | null): string | null =>
  hash === null ? null : createHash('sha256').update(hash).digest('base64url')

/** Takes what moves out of the one row and puts it into the other. */
export function moveUserData(
  from: UserRow,
  to: UserRow,
  { moves, phones }: { moves: MergePreview['moves']; phones: Database['phones'] },
): { from: UserRow; to: UserRow; moved: Omit<Moved, 'identities' | 'dropped' | 'made'> } {
  const account = moves.account === null ? noAccount : accountOf(from)
  const phone = moves.phone === null ? noPhone : phoneOf(from)
  const { nickname, avatarUrl } = moves
  const { passwordHash, ...named } = account
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
      ...(phone.sealedPhone === null
        ? {}
        : { ...phone, sealedPhone: phones.seal(to.id, phones.open(from.id, phone.sealedPhone)) }),
      ...(nickname === null ? {} : { nickname }),
      ...(avatarUrl === null ? {} : { avatarUrl }),
    },
    moved: {
      ...named,
      passwordFingerprint: fingerprintOf(passwordHash),
      ...phone,
      nickname,
      avatarUrl,
      disabledAt: from.disabledAt,
    },
  }
}

/** Gives back what is still as it was put, and leaves what was changed since. */
export function returnUserData(
  kept: UserRow,
  gone: UserRow,
  moved: Moved,
): { kept: UserRow; gone: UserRow } {
  const account =
    moved.accountKey !== null &&
    moved.accountKey === kept.accountKey &&
    moved.passwordFingerprint === fingerprintOf(kept.passwordHash)
  const phone = moved.phoneKey !== null && moved.phoneKey === kept.phoneKey
  const nickname = moved.nickname !== null && moved.nickname === kept.nickname
  const avatar = moved.avatarUrl !== null && moved.avatarUrl === kept.avatarUrl
  return {
    kept: {
      ...kept,
      ...(account ? noAccount : {}),
      ...(phone ? noPhone : {}),
      ...(nickname ? { nickname: null } : {}),
      ...(avatar ? { avatarUrl: null } : {}),
    },
    gone: {
      ...gone,
      ...(account ? accountOf(kept) : {}),
      // As it was sealed for this user in the first place.
      ...(phone ? { ...phoneOf(kept), sealedPhone: moved.sealedPhone } : {}),
      ...(nickname ? { nickname: moved.nickname } : {}),
      ...(avatar ? { avatarUrl: moved.avatarUrl } : {}),
      disabledAt: moved.disabledAt,
    },
  }
}
