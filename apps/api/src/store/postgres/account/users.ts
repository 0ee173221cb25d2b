import { canLoseNumber, type ProfileChange, type UserRecord, type UserStore } from '@mianmi/core'
import { isolateUsers, runAgain, type Transaction } from '../connection/index.ts'
import type { PostgresDatabase } from '../database.ts'
import { identitiesOf, isOwnIdentity } from '../identity/identity-reads.ts'
import { refuseCaller } from '../session/callers.ts'
import { endSessions } from '../session/end-sessions.ts'
import { dropAvatar } from './avatars.ts'
import { lockCaller } from './lock-caller.ts'
import { createRemoval } from './removal.ts'
import { phoneLocks } from './user-locks.ts'
import {
  clearUserPhone,
  findUser,
  findUserByAccount,
  findUserByPhone,
  hasAccount,
  requireUser,
  setUserPassword,
  setUserPhone,
} from './user-rows.ts'

export function createUserStore(database: PostgresDatabase): UserStore {
  const { reads, writes, transaction } = database
  return {
    findByAccount: (key) => findUserByAccount(reads, key),
    findByPhone: (phone) => findUserByPhone(reads, database.phones, phone),
    findPasswordHash: async (id) => (await findUser(reads, id))?.passwordHash ?? null,
    renewPasswordHash: async (id, { from, to }) =>
      (await writes.run(renewHash, [id, from, to])) === 1,
    updateProfile: (caller, change) =>
      transaction([], async (tx) => {
        const refused = await lockCaller(tx, caller)
        return refused ?? changeProfile(tx, await requireUser(tx, caller.userId), change)
      }),
    changePassword: (change) => transaction([], (tx) => changePassword(tx, change)),
    setPhone: (request) => setPhone(database, request),
    ...createRemoval(database),
  }
}

const renewHash = 'update users set password_hash = $3 where id = $1 and password_hash = $2'

async function changeProfile(
  tx: Transaction,
  user: UserRecord,
  change: ProfileChange,
): Promise<UserRecord> {
  const { nickname = user.nickname, avatarUrl = user.avatarUrl } = change
  // Its address is not used any more. A form that sends all fields back unchanged changes nothing.
  if (avatarUrl !== user.avatarUrl) await dropAvatar(tx, user.id)
  await tx.run('update users set nickname = $2, avatar_url = $3 where id = $1', [
    user.id,
    nickname,
    avatarUrl,
  ])
  tx.outbox.emitUpdate(user.id, user, { nickname, avatarUrl })
  return { ...user, nickname, avatarUrl }
}

async function changePassword(
  tx: Transaction,
  { caller, from, to, provenBy, name }: Parameters<UserStore['changePassword']>[0],
): ReturnType<UserStore['changePassword']> {
  const { userId: id, sessionId } = caller
  await isolateUsers(tx, [id])
  const refused = await refuseCaller(tx, caller)
  if (refused !== null) return refused
  const user = await requireUser(tx, id)
  if (user.passwordHash !== from) return 'outdated'
  if (provenBy !== null && !(await isOwnIdentity(tx, id, provenBy))) return 'unproven'
  if (name !== undefined && user.account !== null) return 'outdated'
  if (name !== undefined && (await hasAccount(tx, name.accountKey))) return 'account_taken'
  const isNamed = name !== undefined || user.account !== null || user.phone !== null
  if (from === null && !isNamed) return 'unnamed'
  if (name !== undefined) {
    const { account, accountKey } = name
    const set = 'update users set account = $2, account_key = $3 where id = $1'
    await tx.run(set, [id, account, accountKey])
    tx.outbox.emitUpdate(id, user, { account })
  }
  await setUserPassword(tx, id, to)
  await endSessions(tx, [id], { keep: sessionId })
  return 'changed'
}

function setPhone(
  { phones, transaction }: PostgresDatabase,
  { caller, provenBy, phone, rules }: Parameters<UserStore['setPhone']>[0],
): ReturnType<UserStore['setPhone']> {
  const { userId: id } = caller
  return transaction(phoneLocks(phones, phone), async (tx) => {
    const found = await findUserByPhone(tx, phones, phone)
    await isolateUsers(tx, found === null ? [id] : [id, found.id])
    const refused = await refuseCaller(tx, caller)
    if (refused !== null) return refused
    if (!(await isOwnIdentity(tx, id, provenBy))) return 'unproven'
    const owner = await findUserByPhone(tx, phones, phone)
    if (owner?.id !== found?.id) throw runAgain('the number has another owner')
    if (owner !== null && owner.id !== id) {
      const identities = await identitiesOf(tx, owner.id)
      if (!canLoseNumber({ ...owner, identities }, rules)) return 'taken'
      await clearUserPhone(tx, owner.id)
    }
    const user = await setUserPhone(tx, phones, { id, phone, provenAt: rules.now })
    return owner === null || owner.id === id ? user : { ...user, movedFrom: owner.id }
  })
}
