import type { MemoryStore } from '@mianmi/core/testing'
import type { Model } from '../../oracle/model.ts'
import { firstNumber } from '../../world/people.ts'
import type { Snapshot } from '../database/database.ts'

type State = MemoryStore['state']

/** The tables that sentences and actions read. */
export type Rows = Pick<
  State,
  'users' | 'identities' | 'unbindings' | 'sessions' | 'tickets' | 'conflicts' | 'merges'
>

/** What each stored hash was made of, as far as it is known: hashes cannot be read. */
export interface PasswordHashes {
  /** The model's hash for a stored one. */
  nameOf(userId: string, stored: string | null): string | null
  /** Remembers what was found when all of it agreed. */
  keep(snapshot: Snapshot): void
  /** Notes that somebody has set a password since the last snapshot. */
  changed(userId: string): void
}

/**
 * A hash that is seen for the first time is the one that was last set, where one was set since. A stored hash that differs
 * although none was set, or that is an older one again, gets another name than the model's.
 */
export function createPasswordHashes(model: Model): PasswordHashes {
  const names = new Map<string, string>()
  const last = new Map<string, string | null>()
  const set = new Set<string>()
  const nameOf = (userId: string, stored: string | null): string | null => {
    if (stored === null) return null
    const known = names.get(stored)
    if (known !== undefined) return known
    const wanted = model.users.get(userId)?.passwordHash ?? null
    const isNew = !last.has(userId) || set.has(userId)
    return isNew && wanted !== null ? wanted : 'a password that was not set'
  }
  return {
    nameOf,
    keep({ users }) {
      for (const { id, password_hash } of users) {
        const name = nameOf(id, password_hash)
        if (password_hash !== null && name !== null) names.set(password_hash, name)
        last.set(id, password_hash)
      }
      set.clear()
    },
    changed: (userId) => void set.add(userId),
  }
}

/** Numbers are stored masked: those of a run differ in their last digits. */
const numbers = new Map(
  Array.from({ length: 10 }, (_, index) => [firstNumber(index).slice(-4), firstNumber(index)]),
)
const numberOf = (masked: string | null): string | null =>
  masked === null ? null : (numbers.get(masked.slice(-4)) ?? masked)

const byKey = <Row>(rows: readonly (readonly [string, object])[]): Map<string, Row> =>
  new Map(rows) as unknown as Map<string, Row>

/** What the database holds, in the shape of the in-memory store. Columns that no sentence reads are missing. */
export function rowsOf(
  snapshot: Snapshot,
  nameOfHash: (userId: string, stored: string | null) => string | null,
): Rows {
  const users = snapshot.users.map((row) => ({
    ...{ id: row.id, account: row.account, nickname: row.nickname, role: row.role },
    ...{ phone: numberOf(row.phone), phoneProvenAt: row.phone_proven_at },
    ...{ disabledAt: row.disabled_at, mergedInto: row.merged_into },
    passwordHash: row.role === 'admin' ? null : nameOfHash(row.id, row.password_hash),
  }))
  const identities = snapshot.identities.map((row) => ({
    ...{ appId: row.app_id, openid: row.openid, unionid: row.unionid },
    ...{ userId: row.user_id, boundAt: row.bound_at, boundBy: row.bound_by },
  }))
  const unbindings = snapshot.unbindings.map((row) => ({
    ...{ appId: row.app_id, openid: row.openid, userId: row.user_id, unboundAt: row.unbound_at },
  }))
  const sessions = snapshot.sessions.map((row) => ({
    ...{ id: row.id, userId: row.user_id, appId: row.app_id },
    ...{ counter: row.counter, expiresAt: row.expires_at },
  }))
  const tickets = snapshot.tickets.map(({ hash, app_id, openid, unionid }) => ({
    ...{ hash, identity: { appId: app_id, openid, unionid } },
  }))
  const conflicts = snapshot.conflicts.map((row) => ({
    ...{ unionid: row.unionid, firstUserId: row.first_user_id, secondUserId: row.second_user_id },
  }))
  const merges = snapshot.merges.map((row) => ({
    ...{ id: row.id, keptId: row.kept_user_id, goneId: row.gone_user_id },
    ...{ mergedAt: row.merged_at, moved: row.undone_at === null ? {} : null },
  }))
  return {
    users: byKey(users.map((row) => [row.id, row])),
    identities: byKey(identities.map((row) => [`${row.appId} ${row.openid}`, row])),
    unbindings: byKey(unbindings.map((row) => [`${row.appId} ${row.openid} ${row.userId}`, row])),
    sessions: byKey(sessions.map((row) => [row.id, row])),
    tickets: byKey(tickets.map((row) => [row.hash, row])),
    conflicts: byKey(
      conflicts.map((row) => [`${row.unionid} ${row.firstUserId} ${row.secondUserId}`, row]),
    ),
    merges: byKey(merges.map((row) => [row.id, row])),
  }
}
