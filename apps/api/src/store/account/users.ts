import {
  maskPhone,
  type NewUser,
  type ProfileChange,
  type UserRecord,
  type UserStore,
} from '@mianmi/core'
import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { users } from '../schema.ts'
import { prepareSessions } from '../session/sessions.ts'
import { prepareAvatars } from './avatars.ts'
import { prepareRemoval } from './removal.ts'

const byId = eq(users.id, sql.placeholder('id'))

export function createUserStore(database: Database): UserStore {
  const { orm, write, checkpoints } = database
  const userStatements = prepareUsers(database)
  const { endOthers } = prepareSessions(database)
  const { drop: dropAvatar } = prepareAvatars(database)
  const { remove } = prepareRemoval(database)
  const passwordHash = orm.select({ is: users.passwordHash }).from(users).where(byId).prepare()
  const setProfile = orm
    .update(users)
    .set({
      nickname: sql`${sql.placeholder('nickname')}`,
      avatarUrl: sql`${sql.placeholder('avatarUrl')}`,
    })
    .where(byId)
    .returning()
    .prepare()
  const setPassword = orm
    .update(users)
    .set({ passwordHash: sql`${sql.placeholder('to')}` })
    .where(and(byId, sql`${users.passwordHash} is ${sql.placeholder('from')}`))
    .prepare()
  const setPhone = orm
    .update(users)
    .set({
      phone: sql`${sql.placeholder('phone')}`,
      phoneKey: sql`${sql.placeholder('phoneKey')}`,
      sealedPhone: sql`${sql.placeholder('sealedPhone')}`,
    })
    .where(byId)
    .returning()
    .prepare()
  return {
    findByAccount: async (key) => userStatements.byAccount(key),
    findPasswordHash: async (id) => passwordHash.get({ id })?.is ?? null,
    updateProfile: async (id, change) =>
      write(() => {
        const user = userStatements.byId(id)
        if (user === null) return null
        const profile = profileAfter(user, change)
        // Its address is not used any more. A form that sends all fields back unchanged changes nothing.
        if (profile.avatarUrl !== user.avatarUrl) dropAvatar(id)
        return setProfile.get({ id, ...profile })
      }),
    changePassword: async ({ userId, from, to, keepSessionId }) =>
      write(() => {
        if (setPassword.run({ id: userId, from, to }).changes !== 1) return false
        endOthers(userId, keepSessionId)
        return true
      }),
    setPhone: async (id, phone) =>
      write(() => {
        const owner = userStatements.byPhone(phone)
        if (owner !== null && owner.id !== id) return 'taken'
        return setPhone.get({ id, ...userStatements.phoneColumns(id, phone) }) ?? null
      }),
    remove: async (id) => {
      await write(() => remove(id))
      // Overwritten pages are still in the write-ahead log.
      await checkpoints.truncate()
    },
  }
}

function profileAfter({ nickname, avatarUrl }: UserRecord, change: ProfileChange) {
  return {
    nickname: change.nickname === undefined ? nickname : change.nickname,
    avatarUrl: change.avatarUrl === undefined ? avatarUrl : change.avatarUrl,
  }
}

/** The statements on users that other stores use inside their transactions. */
export function prepareUsers({ orm, phones }: Database) {
  const select = (column: typeof users.id | typeof users.accountKey | typeof users.phoneKey) =>
    orm
      .select()
      .from(users)
      .where(eq(column, sql.placeholder('value')))
      .prepare()
  /**
   * The three columns of a phone number: masked for display, a keyed fingerprint for look-ups, and the sealed
   * number.
   */
  const phoneColumns = (id: string, phone: string | null) =>
    phone === null
      ? { phone, phoneKey: null, sealedPhone: null }
      : {
          phone: maskPhone(phone),
          phoneKey: phones.key(phone),
          sealedPhone: phones.seal(id, phone),
        }
  const selectById = select(users.id)
  const byAccount = select(users.accountKey)
  const byPhone = select(users.phoneKey)
  const insert = orm
    .insert(users)
    .values({
      id: sql.placeholder('id'),
      account: sql.placeholder('account'),
      accountKey: sql.placeholder('accountKey'),
      passwordHash: sql.placeholder('passwordHash'),
      phone: sql.placeholder('phone'),
      phoneKey: sql.placeholder('phoneKey'),
      sealedPhone: sql.placeholder('sealedPhone'),
      createdAt: sql.placeholder('createdAt'),
    })
    .returning()
    .prepare()
  return {
    byId: (id: string): UserRecord | null => selectById.get({ value: id }) ?? null,
    byAccount: (key: string): UserRecord | null => byAccount.get({ value: key }) ?? null,
    byPhone: (phone: string): UserRecord | null =>
      byPhone.get({ value: phones.key(phone) }) ?? null,
    hasAccount: (key: string | null): boolean =>
      key !== null && byAccount.get({ value: key }) !== undefined,
    insert: (user: NewUser & { phone?: string }): UserRecord =>
      insert.get({ ...user, ...phoneColumns(user.id, user.phone ?? null) }),
    phoneColumns,
  }
}
