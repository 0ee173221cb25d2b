import type { ServiceUser, ServiceUserRef, ServiceUserStore } from '@mianmi/core'
import { eq, sql } from 'drizzle-orm'
import { preparePeople } from '../admin/people/rows.ts'
import { createStatementCache } from '../admin/statement-cache.ts'
import { compileStatement } from '../compile-statement.ts'
import type { Database } from '../database.ts'
import { sessions, users } from '../schema.ts'
import { type SessionRow, sessionColumns, toCaller } from '../session/session-lookup.ts'
import { prepareOutbox } from '../webhooks/outbox.ts'

interface UserRow extends ServiceUser {
  readonly role: 'user' | 'admin'
  readonly mergedInto: string | null
  readonly sealedPhone: string | null
}

const userColumns = `u.id, u.external_id as externalId, u.account, u.nickname, u.avatar_url as avatarUrl,
  u.disabled_at as disabledAt, u.created_at as createdAt, u.role, u.merged_into as mergedInto,
  u.sealed_phone as sealedPhone`
const identityColumns = 'app_id as appId, openid, unionid'
/** A user whom a service may change. */
const isChangeable = "id = :userId and role = 'user' and merged_into is null"

export function createServiceUserStore(database: Database): ServiceUserStore {
  const { write, phones, snapshot } = database
  const { all, get } = createStatementCache(database)
  const findSession = prepareIntrospection(database)
  const findUser = prepareFind(database)
  const people = preparePeople(database)
  const isKnown = (userId: string): boolean =>
    get(`select 1 from users where ${isChangeable}`, { userId }) !== undefined
  const setExternalId = database.sqlite.prepare(
    'update users set external_id = :externalId where id = :userId',
  )
  const { emitUpdate } = prepareOutbox(database)
  return {
    findSession: async (sessionId) => findSession(sessionId),
    find: async (ref, wanted) => {
      snapshot.join()
      const row = findUser(ref)
      if (row === null || row.role === 'admin') return null
      const { role: _, mergedInto: __, sealedPhone, ...user } = row
      const { id: userId } = user
      const identities = wanted.identities
        ? all<{ appId: string; openid: string; unionid: string | null }>(
            `select ${identityColumns} from identities where user_id = :userId order by bound_at, app_id`,
            { userId },
          )
        : undefined
      const phone = sealedPhone === null ? null : phones.open(userId, sealedPhone)
      return { ...user, ...(identities && { identities }), ...(wanted.phone && { phone }) }
    },
    update: async (userId, { externalId, disabled, at }) =>
      write(() => {
        if (!isKnown(userId)) return 'not_found'
        const owner = externalId == null ? null : findByExternalId(get, externalId)
        if (owner !== null && owner !== userId) return 'external_id_taken'
        if (externalId !== undefined) {
          const before = findExternalId(get, userId)
          setExternalId.run({ userId, externalId })
          emitUpdate(userId, { externalId: before }, { externalId })
        }
        if (disabled !== undefined) people.setDisabled(userId, disabled ? at : null)
        if (disabled === true) people.endSessions(userId)
        return 'updated'
      }),
    endSessions: async (userId) =>
      write(() => (isKnown(userId) ? people.endSessions(userId) : null)),
  }
}

type Get = ReturnType<typeof createStatementCache>['get']

const findExternalId = (get: Get, userId: string): string | null =>
  get<{ externalId: string | null }>(
    'select external_id as externalId from users where id = :userId',
    { userId },
  )?.externalId ?? null

/** The user with this external id, merged or not. */
const findByExternalId = (get: Get, externalId: string): string | null =>
  get<{ id: string }>('select id from users where external_id = :externalId', { externalId })?.id ??
  null

function prepareFind(database: Database): (ref: ServiceUserRef) => UserRow | null {
  const { get } = createStatementCache(database)
  const findById = (id: string): UserRow | null =>
    get<UserRow>(`select ${userColumns} from users u where u.id = :id`, { id }) ?? null
  /** The user that this one was merged into, or the user itself. */
  const survivor = (id: string | null): UserRow | null => {
    const row = id === null ? null : findById(id)
    return row === null || row.mergedInto === null ? row : survivor(row.mergedInto)
  }
  return (ref) => {
    if ('userId' in ref) return survivor(ref.userId)
    if ('externalId' in ref) return survivor(findByExternalId(get, ref.externalId))
    const { appId, openid } = ref.identity
    const owner = get<UserRow>(
      `select ${userColumns} from identities i join users u on u.id = i.user_id
       where i.app_id = :appId and i.openid = :openid and u.merged_into is null`,
      { appId, openid },
    )
    return owner ?? null
  }
}

/** The lookup of a session as on every call, with the external id. */
function prepareIntrospection({ orm, sqlite, snapshot }: Database) {
  const lookup = compileStatement<[...SessionRow, externalId: string | null]>(
    sqlite,
    orm
      .select({ ...sessionColumns, externalId: users.externalId })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(eq(sessions.id, sql.placeholder('id'))),
  )
  return (id: string) => {
    snapshot.join()
    const row = lookup.get({ id })
    return row === undefined ? null : { ...toCaller(id, row), externalId: row[11] }
  }
}
