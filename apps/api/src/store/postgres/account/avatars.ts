import type { Picture, UserRecord } from '@mianmi/core'
import { avatarAddress, avatarHash, readAvatarName } from '../../account/avatar-name.ts'
import type { AvatarStoreWithFind } from '../../store.ts'
import type { Transaction } from '../connection/index.ts'
import type { PostgresDatabase } from '../database.ts'
import { lockCaller } from './lock-caller.ts'
import { requireUser, userRecordColumns } from './user-rows.ts'

/** @param issuer public address of the service; the pictures' addresses start with it */
export function createAvatarStore(
  { reads, transaction }: PostgresDatabase,
  issuer: string,
): AvatarStoreWithFind {
  return {
    keep: (caller, { type, bytes }) => {
      const { userId } = caller
      const hash = avatarHash(userId, bytes)
      return transaction([], async (tx) => {
        const refused = await lockCaller(tx, caller)
        if (refused !== null) return refused
        await tx.run(
          `insert into avatars (user_id, hash, type, bytes) values ($1, $2, $3, $4)
           on conflict (user_id) do update set hash = excluded.hash, type = excluded.type,
             bytes = excluded.bytes`,
          [userId, hash, type, Buffer.from(bytes)],
        )
        return setAddress(tx, userId, avatarAddress(issuer, { hash, type }))
      })
    },
    find: async (name) => {
      const parsed = readAvatarName(name)
      if (parsed === null) return null
      const { hash, type } = parsed
      return reads.first<Picture>('select type, bytes from avatars where hash = $1 and type = $2', [
        hash,
        type,
      ])
    },
  }
}

async function setAddress(tx: Transaction, userId: string, address: string): Promise<UserRecord> {
  const before = await requireUser(tx, userId)
  tx.outbox.emitUpdate(userId, before, { avatarUrl: address })
  const user = await tx.first<UserRecord>(
    `update users u set avatar_url = $2 where u.id = $1 returning ${userRecordColumns}`,
    [userId, address],
  )
  if (user === null) throw new Error('the user was checked in this transaction')
  return user
}

export const dropAvatar = async (tx: Transaction, userId: string): Promise<void> =>
  void (await tx.run('delete from avatars where user_id = $1', [userId]))

/** Gives the picture of one user to another one, who has none. */
export const moveAvatar = async (
  tx: Transaction,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> =>
  void (await tx.run(
    `update avatars set user_id = $2 where user_id = $1
       and not exists (select 1 from avatars where user_id = $2)`,
    [from, to],
  ))
