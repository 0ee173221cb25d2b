import { decideRefresh, type RefreshRequest, type RefreshResult } from '@mianmi/core'
import { eq, getTableColumns, sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { sessions, users } from '../schema.ts'
import { prepareOutbox } from '../webhooks/outbox.ts'

const ofSession = eq(sessions.id, sql.placeholder('id'))

/** The exchange of a refresh token, to be run inside a transaction. */
export function prepareRefresh(
  database: Pick<Database, 'orm' | 'sqlite' | 'outbox' | 'now'>,
): (request: RefreshRequest) => RefreshResult {
  const { orm } = database
  const { emitEnded } = prepareOutbox(database)
  const find = orm
    .select({ session: getTableColumns(sessions), role: users.role, disabledAt: users.disabledAt })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(ofSession)
    .prepare()
  const write = orm
    .update(sessions)
    .set({
      lastSeenAt: sql`${sql.placeholder('lastSeenAt')}`,
      expiresAt: sql`${sql.placeholder('expiresAt')}`,
      secret: sql`${sql.placeholder('secret')}`,
      secretSince: sql`${sql.placeholder('secretSince')}`,
      counter: sql`${sql.placeholder('counter')}`,
      rotatedAt: sql`${sql.placeholder('rotatedAt')}`,
      variants: sql`${sql.placeholder('variants')}`,
      parentVariant: sql`${sql.placeholder('parentVariant')}`,
      grandparentVariant: sql`${sql.placeholder('grandparentVariant')}`,
      repeatedIn: sql`${sql.placeholder('repeatedIn')}`,
      forgivenIn: sql`${sql.placeholder('forgivenIn')}`,
    })
    .where(ofSession)
    .prepare()
  const { id, userId, appId, expiresAt } = sessions
  const ended = { id, userId, appId, expiresAt }
  const end = orm.delete(sessions).where(ofSession).returning(ended).prepare()

  return (request: RefreshRequest): RefreshResult => {
    const { sessionId: id } = request
    const result = decideRefresh(find.get({ id }) ?? null, request)
    if (result.status === 'reused') emitEnded(end.all({ id }))
    if (result.status === 'rotated' || result.status === 'repeated')
      write.run({ ...result.session })
    return result
  }
}
