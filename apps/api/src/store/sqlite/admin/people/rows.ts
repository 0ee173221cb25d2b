import { maxSessions, type SealedKey } from '@mianmi/core'
import type { Person, PersonIdentity, PersonInFull, PersonSession } from '@mianmi/core/admin'
import type { Database } from '../../database.ts'
import { bindingColumns } from '../../identity/identity-rows.ts'
import { type EndedSession, endedSessionColumns, prepareOutbox } from '../../webhooks/outbox.ts'
import { createStatementCache } from '../statement-cache.ts'
import { type PersonRow, personColumns } from './pages.ts'

const isActiveUser = 'id = :userId and merged_into is null'
const detailColumns = `${personColumns}, password_hash is not null as hasPassword`
const apps = 'select app_id as appId from identities where user_id = :id order by bound_at, app_id'
const names = `select id, coalesce(nickname, account) as name from users
  where id in (select value from json_each(:ids)) and merged_into is null
  and coalesce(nickname, account) is not null`
const sealedPhones = `select id, sealed_phone as sealed from users
  where id in (select value from json_each(:ids)) and merged_into is null and sealed_phone is not null`
const lastSeen = 'select max(last_seen_at) as at from sessions where user_id = :id'
const identities = `select i.app_id as appId, i.openid, i.unionid, ${bindingColumns} from identities i
  where i.user_id = :userId order by i.bound_at, i.app_id`
const sessions = `select id, app_id as appId, device, created_at as createdAt,
  last_seen_at as lastSeenAt, expires_at as expiresAt from sessions
  where user_id = :userId and expires_at > :now
  order by created_at desc, id desc limit ${maxSessions}`

/** The statements on people. Call those that write inside a transaction. */
export function preparePeople(database: Pick<Database, 'sqlite' | 'outbox' | 'now'>) {
  return { ...prepareReads(database), ...prepareWrites(database) }
}

function prepareReads({ sqlite }: Pick<Database, 'sqlite'>) {
  const { all, get } = createStatementCache({ sqlite })
  /** Adds what is not in the user's own row. Only for the users that are shown. */
  const complete = ({ id, ...row }: PersonRow): Person => ({
    id,
    account: row.account,
    phone: row.phone,
    nickname: row.nickname,
    avatarUrl: row.avatarUrl,
    role: row.role,
    createdAt: row.createdAt,
    disabledAt: row.disabledAt,
    externalId: row.externalId,
    lastSeenAt: get<{ at: number | null }>(lastSeen, { id })?.at ?? null,
    appIds: all<{ appId: string }>(apps, { id }).map(({ appId }) => appId),
  })
  return {
    complete,
    find: (userId: string): PersonInFull['person'] | null => {
      const row = get<PersonRow & { hasPassword: 0 | 1 }>(
        `select ${detailColumns} from users where ${isActiveUser}`,
        { userId },
      )
      return row ? { ...complete(row), hasPassword: row.hasPassword === 1 } : null
    },
    names: (userIds: readonly string[]): Map<string, string> =>
      new Map(
        all<{ id: string; name: string }>(names, { ids: JSON.stringify(userIds) }).map(
          ({ id, name }) => [id, name],
        ),
      ),
    bindings: (userId: string, now: number): Pick<PersonInFull, 'identities' | 'sessions'> => ({
      identities: all<PersonIdentity>(identities, { userId }),
      sessions: all<PersonSession>(sessions, { userId, now }),
    }),
    among: (
      ids: readonly string[],
      conditions: readonly string[],
      values: Record<string, unknown>,
    ): PersonRow[] =>
      all<PersonRow>(
        `select ${personColumns} from users where id in (select value from json_each(:ids))
         and ${conditions.join(' and ')} order by created_at desc, id desc`,
        { ...values, ids: JSON.stringify(ids) },
      ),
    sealedPhones: (userIds: readonly string[]) =>
      all<{ id: string; sealed: string }>(sealedPhones, { ids: JSON.stringify(userIds) }),
    sealedPhone: (userId: string): string | null =>
      get<{ sealed: string | null }>(
        `select sealed_phone as sealed from users where ${isActiveUser}`,
        {
          userId,
        },
      )?.sealed ?? null,
  }
}

function prepareWrites(database: Pick<Database, 'sqlite' | 'outbox' | 'now'>) {
  const { sqlite } = database
  const { emit, emitEnded } = prepareOutbox(database)
  const isDisabled = sqlite
    .prepare<[{ userId: string }], number>(
      `select disabled_at is not null from users where ${isActiveUser}`,
    )
    .pluck()
  const setDisabled = sqlite.prepare(`update users set disabled_at = :at where ${isActiveUser}`)
  const clearPassword = sqlite.prepare('update users set password_hash = null where id = :userId')
  const endAll = sqlite.prepare<[{ userId: string }], EndedSession>(
    `delete from sessions where user_id = :userId returning ${endedSessionColumns}`,
  )
  const endInConsole = sqlite.prepare('delete from operator_sessions where user_id = :userId')
  const endOne = sqlite.prepare<[{ userId: string; sessionId: string }], EndedSession>(
    `delete from sessions where user_id = :userId and id = :sessionId
     returning ${endedSessionColumns}`,
  )
  const replaceKeys = sqlite.prepare(
    `update identities set sealed_key = :sealed, key_fingerprint = :fingerprint, previous_key = null
     where user_id = :userId and app_id = :appId and sealed_key = :from`,
  )
  return {
    /** Null enables. Disabling again keeps the first time. False where there is no such user. */
    setDisabled: (userId: string, at: number | null): boolean => {
      const was = isDisabled.get({ userId })
      if (was === undefined) return false
      if ((was === 1) === (at !== null)) return true
      setDisabled.run({ userId, at })
      emit({ type: at === null ? 'user.enabled' : 'user.disabled', userId })
      return true
    },
    clearPassword: (userId: string): void => void clearPassword.run({ userId }),
    /** Without an id, the sessions of the console end too. */
    endSessions: (userId: string, sessionId?: string): number =>
      sessionId === undefined
        ? emitEnded(endAll.all({ userId })) + endInConsole.run({ userId }).changes
        : emitEnded(endOne.all({ userId, sessionId })),
    replaceKeys: ({
      to,
      ...where
    }: {
      userId: string
      appId: string
      from: string
      to: SealedKey
    }): boolean => {
      const { sealed, fingerprint } = to
      return replaceKeys.run({ ...where, sealed, fingerprint }).changes === 1
    },
  }
}
