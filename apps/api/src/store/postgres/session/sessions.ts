import {
  maxSessions,
  type SessionRecord,
  type SessionStore,
  type SessionSummary,
} from '@mianmi/core'
import { lockCaller } from '../account/lock-caller.ts'
import type { Postgres } from '../connection/index.ts'
import { endSession, endSessions } from './end-sessions.ts'
import { createRefresh, sessionRecordColumns } from './refresh.ts'
import { createSessionLookup } from './session-lookup.ts'

const findRecord = `select ${sessionRecordColumns} from sessions s where s.id = $1`
const list = `select id, user_id as "userId", app_id as "appId", device, created_at as "createdAt",
    last_seen_at as "lastSeenAt", expires_at as "expiresAt"
  from sessions where user_id = $1 and expires_at > $2
  order by created_at desc, id desc limit ${maxSessions}`

export function createSessionStore(postgres: Postgres): SessionStore {
  const { reads, transaction } = postgres
  return {
    find: createSessionLookup(postgres),
    findRecord: (id) => reads.first<SessionRecord>(findRecord, [id]),
    list: (userId, now) => reads.all<SessionSummary>(list, [userId, now]),
    refresh: createRefresh(postgres),
    end: (session) => transaction([], (tx) => endSession(tx, session)),
    revoke: ({ caller, sessionId }) =>
      transaction([], async (tx) => {
        const refused = await lockCaller(tx, caller)
        return refused ?? endSession(tx, { id: sessionId, userId: caller.userId })
      }),
    endOthers: (caller) =>
      transaction([], async (tx) => {
        const refused = await lockCaller(tx, caller)
        return refused ?? endSessions(tx, [caller.userId], { keep: caller.sessionId })
      }),
  }
}
