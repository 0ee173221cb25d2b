import { type Fault, fault } from './fault.ts'

const core = (name: string, path: string, find: string, replace: string): Fault =>
  fault(name, `packages/core/src/${path}`, find, replace)
const store = (name: string, path: string, find: string, replace: string): Fault =>
  fault(name, `packages/core/testing/memory-store/${path}`, find, replace)

/** One ms too many or too few, and times that are not kept, not renewed or not looked at. */
export const edgeFaults: readonly Fault[] = [
  core(
    'a refresh may be ten minutes late',
    'session/rotation.ts',
    'const graceMs = 60_000',
    'const graceMs = 600_000',
  ),
  core(
    'a session of an administrator outlives thirty idle minutes',
    'admin/sign-in/admin-session.ts',
    '!isAhead && idle < idleTtl ? known',
    '!isAhead && idle < 100 * idleTtl ? known',
  ),
  core(
    'a session of an administrator has no end',
    'admin/sign-in/admin-session.ts',
    'return left > 0 && !isAhead',
    'return !isAhead',
  ),
  core(
    'refreshes keep a session alive for ever',
    'session/open-session.ts',
    'return Math.min(idleEnd, longestEnd(policy, createdAt))',
    'return idleEnd',
  ),
  core(
    'a refresh does not extend its session',
    'session/decide-refresh.ts',
    'const extended = { ...session, lastSeenAt: now, expiresAt }',
    'const extended = { ...session, lastSeenAt: now }',
  ),
  store(
    'a binding by number does not renew its proof',
    'identity/identities.ts',
    "if (bound.status === 'bound') changeUser(state, owner.id, { phoneProvenAt: rules.now })",
    '',
  ),
  store(
    'a number that is proven again keeps the time of its first proof',
    'account/users.ts',
    '{ phone, phoneProvenAt: rules.now }',
    '{ phone, phoneProvenAt: state.users.get(userId)?.phoneProvenAt ?? rules.now }',
  ),
  store(
    'a ticket binds up to twenty seconds late',
    'identity/tickets.ts',
    'return expiresAt > now && expiresAt <= latest + ttl && tries < maxTries',
    'return expiresAt > now - 20_000 && expiresAt <= latest + ttl && tries < maxTries',
  ),
  store(
    'a ticket binds at the ms at which it expires',
    'identity/tickets.ts',
    'return expiresAt > now && expiresAt <= latest + ttl && tries < maxTries',
    'return expiresAt >= now && expiresAt <= latest + ttl && tries < maxTries',
  ),
  store(
    'a ticket is repeated at the ms at which its minute ends',
    'identity/tickets.ts',
    'return at > now - repeatableFor && at <= latest ?',
    'return at >= now - repeatableFor && at <= latest ?',
  ),
  core(
    'a refresh that is a minute late to the ms ends the session',
    'session/rotation.ts',
    'return Math.abs(now - time) <= graceMs',
    'return Math.abs(now - time) < graceMs',
  ),
  core(
    'a refresh that came before the newest token was issued is too late',
    'session/rotation.ts',
    'return Math.abs(now - time) <= graceMs',
    'return now >= time && now - time <= graceMs',
  ),
  store(
    'a merge is undone at the ms at which it cannot be any more',
    'admin/merges/merge-undo.ts',
    'merge.undoUntil <= rules.now',
    'merge.undoUntil < rules.now',
  ),
]
