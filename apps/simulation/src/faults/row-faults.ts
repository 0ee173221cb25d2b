import { type Fault, fault } from './fault.ts'

const store = (name: string, path: string, find: string, replace: string): Fault =>
  fault(name, `packages/core/testing/memory-store/${path}`, find, replace)

/** A store forgets a row, or changes one too many. */
export const rowFaults: readonly Fault[] = [
  store(
    'an undo takes a nickname that was changed since',
    'admin/merges/merge-undo.ts',
    'const nickname = moved.nickname === kept.nickname ? moved.nickname : null',
    'const nickname = moved.nickname',
  ),
  store(
    'an undo enables a user who was disabled before the merge',
    'admin/merges/merge-undo.ts',
    'disabledAt: moved.disabledAt,',
    'disabledAt: null,',
  ),
  store(
    'a password stays that no name and no number belongs to',
    'account/user-rows.ts',
    'passwordHash: account === null ? null : passwordHash,',
    'passwordHash,',
  ),
  store(
    'a newer unionid of a bound identity is not stored',
    'identity/identity-rows.ts',
    '{ ...withUnionid(row, identity.unionid), ...keys }',
    '{ ...row, ...keys }',
  ),
  store(
    'a list shows two sessions at most',
    'session/sessions.ts',
    '    .slice(0, maxSessions)\n\n',
    '    .slice(0, 2)\n\n',
  ),
  store(
    'a conflict is noted with every other user only',
    'admin/merges/conflicts.ts',
    'if (other.id === userId) continue',
    'if (other.id >= userId) continue',
  ),
  store(
    'a ticket that was used at its last try cannot be repeated',
    'identity/tickets.ts',
    '{ ...ticket, tries: 0, expiresAt, used',
    '{ ...ticket, expiresAt, used',
  ),
  store(
    'a repeated ticket opens a disabled user',
    'identity/identities.ts',
    "return user.disabledAt === null ? open(state, user, { session }) : { status: 'user_disabled' }",
    'return open(state, user, { session })',
  ),
  store(
    'a user who gives up the only WeChat stays',
    'identity/binding-steps.ts',
    'if (isTaken) giveUp(state, bound)',
    'if (isTaken) state.identities.delete(identityKey(bound))',
  ),
  store(
    'a binding by a proof leaves the unbinding in place',
    'identity/binding-steps.ts',
    '  liftUnbindings(state, identity, user.id)\n',
    '',
  ),
  store(
    'a user has any number of sessions',
    'session/sessions.ts',
    'dropSessions(state, (row) => oldest.includes(row))',
    'void oldest',
  ),
  store(
    'an administrator who ends one session ends all',
    'admin/people/people.ts',
    'session.userId === userId && session.id === sessionId)',
    'session.userId === userId)',
  ),
  store(
    'that a user is enabled is no event',
    'admin/people/people.ts',
    "if (person.disabledAt !== null) emit(state, { type: 'user.enabled', userId })",
    '',
  ),
  store(
    'a code of the authenticator app counts twice',
    'admin/sign-in/administrators.ts',
    'return lead < 0 || lead',
    'return lead <= 0 || lead',
  ),
]
