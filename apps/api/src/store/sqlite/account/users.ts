import {
  canLoseNumber,
  maskPhone,
  type NewUser,
  type ProfileChange,
  type UserRecord,
  type UserStore,
} from '@mianmi/core'
import { and, desc, eq, sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { prepareIdentities } from '../identity/identity-rows.ts'
import { oncePerDatabase } from '../once-per-database.ts'
import { users } from '../schema.ts'
import { prepareCallers } from '../session/callers.ts'
import { prepareSessions } from '../session/sessions.ts'
import { prepareOutbox } from '../webhooks/outbox.ts'
import { prepareAvatars } from './avatars.ts'
import { prepareRemoval } from './removal.ts'

const byId = eq(users.id, sql.placeholder('id'))
/** The rows of a number, which is stored under one of the keys of the service. */
const hasNumber = sql`${users.phoneKey} in (select value from json_each(${sql.placeholder('keys')}))`
const noPhone = { phone: null, phoneKey: null, sealedPhone: null, phoneProvenAt: null }

export function createUserStore(database: Database): UserStore {
  const { orm, write, checkpoints } = database
  const userStatements = prepareUsers(database)
  const { endOthers } = prepareSessions(database)
  const { drop: dropAvatar } = prepareAvatars(database)
  const { removeForGood } = prepareRemoval(database)
  const { emitUpdate } = prepareOutbox(database)
  const { ofUser, isOwn } = prepareIdentities(database)
  const refuse = prepareCallers(database)
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
  const setPassword = prepareSetPassword(database)
  const renewPassword = orm
    .update(users)
    .set({ passwordHash: sql`${sql.placeholder('to')}` })
    .where(and(byId, eq(users.passwordHash, sql.placeholder('from'))))
    .prepare()
  const setName = orm
    .update(users)
    .set({
      account: sql`${sql.placeholder('account')}`,
      accountKey: sql`${sql.placeholder('accountKey')}`,
    })
    .where(byId)
    .prepare()
  return {
    findByAccount: async (key) => userStatements.byAccount(key),
    findByPhone: async (phone) => userStatements.byPhone(phone),
    findPasswordHash: async (id) => passwordHash.get({ id })?.is ?? null,
    renewPasswordHash: async (id, { from, to }) =>
      write(() => renewPassword.run({ id, from, to }).changes > 0),
    updateProfile: async (caller, change) =>
      write(() => {
        const refused = refuse(caller)
        if (refused !== null) return refused
        const { userId: id } = caller
        const user = userStatements.requireById(id)
        const profile = profileAfter(user, change)
        // Its address is not used any more. A form that sends all fields back unchanged changes nothing.
        if (profile.avatarUrl !== user.avatarUrl) dropAvatar(id)
        emitUpdate(id, user, profile)
        return setProfile.get({ id, ...profile })
      }),
    changePassword: async ({ caller, from, to, provenBy, name }) =>
      write(() => {
        const refused = refuse(caller)
        if (refused !== null) return refused
        const { userId: id, sessionId } = caller
        const user = userStatements.requireById(id)
        if (user.passwordHash !== from) return 'outdated'
        if (provenBy !== null && !isOwn(id, provenBy)) return 'unproven'
        if (name !== undefined && user.account !== null) return 'outdated'
        if (name !== undefined && userStatements.hasAccount(name.accountKey)) return 'account_taken'
        const isNamed = name !== undefined || user.account !== null || user.phone !== null
        if (from === null && !isNamed) return 'unnamed'
        if (name !== undefined) setName.run({ id, ...name })
        if (name !== undefined) emitUpdate(id, user, { account: name.account })
        setPassword(id, to)
        endOthers(id, sessionId)
        return 'changed'
      }),
    setPhone: async ({ caller, provenBy, phone, rules }) =>
      write(() => {
        const refused = refuse(caller)
        if (refused !== null) return refused
        const { userId: id } = caller
        if (!isOwn(id, provenBy)) return 'unproven'
        const owner = userStatements.byPhone(phone)
        if (owner !== null && owner.id !== id) {
          if (!canLoseNumber({ ...owner, identities: ofUser(owner.id) }, rules)) return 'taken'
          userStatements.clearPhone(owner.id)
        }
        const user = userStatements.setPhone(id, { phone, provenAt: rules.now })
        return owner === null || owner.id === id ? user : { ...user, movedFrom: owner.id }
      }),
    remove: async (id) => {
      await write(() => removeForGood(id))
      // Overwritten pages are still in the write-ahead log.
      await checkpoints.truncate()
    },
    removeCaller: async ({ caller, provenBy }) => {
      const result = await write(() => {
        const refused = refuse(caller)
        if (refused !== null) return refused
        if (!isOwn(caller.userId, provenBy)) return 'unproven'
        removeForGood(caller.userId)
        return 'removed'
      })
      if (result === 'removed') await checkpoints.truncate()
      return result
    },
  }
}

function profileAfter({ nickname, avatarUrl }: UserRecord, change: ProfileChange) {
  return {
    nickname: change.nickname === undefined ? nickname : change.nickname,
    avatarUrl: change.avatarUrl === undefined ? avatarUrl : change.avatarUrl,
  }
}

/** Stores a new password hash. Call it inside a transaction. */
export function prepareSetPassword({
  orm,
}: Pick<Database, 'orm'>): (id: string, to: string) => void {
  const set = orm
    .update(users)
    .set({ passwordHash: sql`${sql.placeholder('to')}` })
    .where(byId)
    .prepare()
  return (id, to) => void set.run({ id, to })
}

/** The statements on users that other stores use inside their transactions. */
export const prepareUsers = oncePerDatabase(prepareUserStatements)

function prepareUserStatements({ orm, phones }: Database) {
  const select = (column: typeof users.id | typeof users.accountKey) =>
    orm
      .select()
      .from(users)
      .where(eq(column, sql.placeholder('value')))
      .prepare()
  /**
   * The columns of a phone number: masked for display, a keyed fingerprint for look-ups, the sealed number, and when it
   * was proven.
   */
  const phoneColumns = (id: string, number: { phone: string; provenAt: number } | null) =>
    number === null
      ? noPhone
      : {
          phone: maskPhone(number.phone),
          phoneKey: phones.key(number.phone),
          sealedPhone: phones.seal(id, number.phone),
          phoneProvenAt: number.provenAt,
        }
  const setPhone = orm
    .update(users)
    .set({
      phone: sql`${sql.placeholder('phone')}`,
      phoneKey: sql`${sql.placeholder('phoneKey')}`,
      sealedPhone: sql`${sql.placeholder('sealedPhone')}`,
      phoneProvenAt: sql`${sql.placeholder('phoneProvenAt')}`,
    })
    .where(byId)
    .returning()
    .prepare()
  const clearPhone = orm
    .update(users)
    .set({
      ...noPhone,
      passwordHash: sql`iif(${users.account} is null, null, ${users.passwordHash})`,
    })
    .where(byId)
    .prepare()
  const selectById = select(users.id)
  const byAccount = select(users.accountKey)
  // Earlier versions could give one number to two users when SECRET_KEY was changed: the last proof counts.
  const byPhone = orm
    .select()
    .from(users)
    .where(hasNumber)
    .orderBy(desc(users.phoneProvenAt))
    .limit(1)
    .prepare()
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
      phoneProvenAt: sql.placeholder('phoneProvenAt'),
      createdAt: sql.placeholder('createdAt'),
    })
    .returning()
    .prepare()
  const findById = (id: string): UserRecord | null => selectById.get({ value: id }) ?? null
  return {
    byId: findById,
    /** Of a caller who was checked in the same transaction. */
    requireById: (id: string): UserRecord => {
      const user = findById(id)
      if (user === null) throw new Error('the user was checked in this transaction')
      return user
    },
    byAccount: (key: string): UserRecord | null => byAccount.get({ value: key }) ?? null,
    byPhone: (phone: string): UserRecord | null =>
      byPhone.get({ keys: JSON.stringify(phones.keys(phone)) }) ?? null,
    hasAccount: (key: string | null): boolean =>
      key !== null && byAccount.get({ value: key }) !== undefined,
    insert: (user: NewUser & { phone?: string }): UserRecord =>
      insert.get({
        ...user,
        ...phoneColumns(
          user.id,
          user.phone === undefined ? null : { phone: user.phone, provenAt: user.createdAt },
        ),
      }),
    /** Stores a number that was proven, under the first key of the service. */
    setPhone: (id: string, number: { phone: string; provenAt: number }): UserRecord =>
      setPhone.get({ id, ...phoneColumns(id, number) }),
    /** Takes the number, with a password that is of no use without it. */
    clearPhone: (id: string): void => void clearPhone.run({ id }),
  }
}
