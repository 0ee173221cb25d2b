import {
  maxSessions,
  type SessionRecord,
  type SessionStore,
  type SessionSummary,
} from '@mianmi/core'
import { lockCaller } from '../account/lock-caller.ts'
import type { Postgres } from '../connection/index.ts'
import { endSessions } from './end-sessions.ts'
import { createRefresh, sessionRecordColumns } from './refresh.ts'
import { createSessionLookup } from './session-lookup.ts'

const findRecord = `select ${sessionRecordColumns} from sessions s where s.id = $1`
const list = `select id, user_id as "userId", app_id as "appId", device, created_at as "createdAt",
    last_seen_at as "lastSeenAt", expires_at as "expiresAt"
  from sessions where user_id = $1 and expires_at > $2
  order by created_at desc, id desc limit ${maxSessions}`
const end = 'delete from sessions where id = $1 and user_id = $2'

export function createSessionStore(postgres: Postgres): SessionStore {
  const { reads, writes, transaction } = postgres
  return {
    find: createSessionLookup(postgres),
    findRecord: (id) => reads.first<SessionRecord>(findRecord, [id]),
    list: (userId, now) => reads.all<SessionSummary>(list, [userId, now]),
    refresh: createRefresh(postgres),
    end: async ({ id, userId }) => (await writes.run(end, [id, userId])) === 1,
    revoke: ({ caller, sessionId }) =>
      transaction([], async (tx) => {
        const refused = await lockCaller(tx, caller)
        return refused ?? (await tx.run(end, [sessionId, caller.userId])) === 1
      }),
    endOthers: (caller) =>
      transaction([], async (tx) => {
        const refused = await lockCaller(tx, caller)
        return refused ?? endSessions(tx, [caller.userId], { keep: caller.sessionId })
      }),
  }
}
