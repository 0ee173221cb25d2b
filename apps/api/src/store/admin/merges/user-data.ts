import { createHash } from 'node:crypto'
import { hasUsablePassword, type Role } from '@mianmi/core'
import { type MergePreview, planUndo } from '@mianmi/core/admin'
import type { PhoneSealer } from '../../../tokens/phone-sealer.ts'
import type { MovableData, MovedData } from './moved-data.ts'

export interface UserRow extends MovableData {
  readonly id: string
  readonly role: Role
  readonly disabledAt: number | null
  readonly mergedInto: string | null
}

const noName = { account: null, accountKey: null }
const noPhone = { phone: null, phoneKey: null, sealedPhone: null, phoneProvenAt: null }

const nameOf = ({ account, accountKey }: MovableData) => ({ account, accountKey })
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
  phones: PhoneSealer,
): Pick<MovableData, 'phoneKey' | 'sealedPhone'> {
  const phone = phones.open(from.id, from.sealedPhone)
  return { phoneKey: phones.key(phone), sealedPhone: phones.seal(userId, phone) }
}

/** Moves the data of `moves` from one row to the other, and records it for the undo. */
export function moveUserData(
  from: UserRow,
  to: UserRow,
  { moves, phones }: { moves: MergePreview['moves']; phones: PhoneSealer },
): {
  from: UserRow
  to: UserRow
  moved: Omit<MovedData, 'identities' | 'unbindings' | 'dropped' | 'made' | 'keptCouldSignIn'>
} {
  const name = moves.account === null ? noName : nameOf(from)
  const passwordHash = moves.password ? from.passwordHash : null
  const phone = moves.phone === null ? noPhone : phoneOf(from)
  const { sealedPhone } = phone
  const movedPhone =
    sealedPhone === null
      ? {}
      : { ...phone, ...sealFor(to.id, { id: from.id, sealedPhone }, phones) }
  const { nickname, avatarUrl, externalId } = moves
  return {
    from: {
      ...from,
      ...(moves.account === null ? {} : noName),
      ...(moves.password ? { passwordHash: null } : {}),
      ...(moves.phone === null ? {} : noPhone),
      ...(nickname === null ? {} : { nickname: null }),
      ...(avatarUrl === null ? {} : { avatarUrl: null }),
      ...(externalId === null ? {} : { externalId: null }),
    },
    to: {
      ...to,
      ...(moves.account === null ? {} : name),
      ...(moves.password ? { passwordHash } : {}),
      ...movedPhone,
      ...(nickname === null ? {} : { nickname }),
      ...(avatarUrl === null ? {} : { avatarUrl }),
      ...(externalId === null ? {} : { externalId }),
    },
    moved: {
      ...name,
      passwordFingerprint: fingerprintOf(passwordHash),
      ...phone,
      nickname,
      avatarUrl,
      externalId,
      disabledAt: from.disabledAt,
    },
  }
}

/** Returns what is unchanged since the merge to the first user. What was changed since stays. */
export function returnUserData(
  kept: UserRow,
  gone: UserRow,
  { moved, phones }: { moved: MovedData; phones: PhoneSealer },
): { kept: UserRow; gone: UserRow } {
  const phone = returnedNumber(kept, gone.id, { moved, phones })
  const returned = planUndo(
    {
      account: moved.accountKey !== null,
      password: moved.passwordFingerprint !== null,
      phone: moved.phoneKey !== null,
    },
    {
      account: moved.accountKey === kept.accountKey,
      password: moved.passwordFingerprint === fingerprintOf(kept.passwordHash),
      phone: phone !== null,
    },
  )
  const nickname = moved.nickname !== null && moved.nickname === kept.nickname
  const avatar = moved.avatarUrl !== null && moved.avatarUrl === kept.avatarUrl
  const externalId = moved.externalId !== null && moved.externalId === kept.externalId
  return {
    kept: withoutDeadPassword({
      ...kept,
      ...(returned.account ? noName : {}),
      ...(returned.password ? { passwordHash: null } : {}),
      ...(phone === null ? {} : noPhone),
      ...(nickname ? { nickname: null } : {}),
      ...(avatar ? { avatarUrl: null } : {}),
      ...(externalId ? { externalId: null } : {}),
    }),
    gone: {
      ...gone,
      ...(returned.account ? nameOf(kept) : {}),
      ...(returned.password ? { passwordHash: kept.passwordHash } : {}),
      ...phone,
      ...(nickname ? { nickname: moved.nickname } : {}),
      ...(avatar ? { avatarUrl: moved.avatarUrl } : {}),
      ...(externalId ? { externalId: moved.externalId } : {}),
      disabledAt: moved.disabledAt,
    },
  }
}

/** A password that no name and no number is left for is of no use. */
function withoutDeadPassword(user: UserRow): UserRow {
  const isUsable = hasUsablePassword({ ...user, hasPassword: user.passwordHash !== null })
  return isUsable ? user : { ...user, passwordHash: null }
}

/**
 * The columns of the moved number for the user who had it, where the kept user still has it. It may have been proven
 * again since, and stored under another key of the service.
 */
function returnedNumber(
  kept: UserRow,
  userId: string,
  { moved, phones }: { moved: MovedData; phones: PhoneSealer },
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
