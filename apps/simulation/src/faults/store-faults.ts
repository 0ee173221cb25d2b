import { type Fault, fault } from './fault.ts'

const store = (name: string, path: string, find: string, replace: string): Fault =>
  fault(name, `packages/core/testing/memory-store/${path}`, find, replace)

/** Faults of a store. */
export const storeFaults: readonly Fault[] = [
  store(
    'an unbound identity comes back by itself',
    'identity/binding-steps.ts',
    '    addUnbinding(state, { appId, openid, unionid, previousUnionid, userId, unboundAt: at })\n',
    '',
  ),
  store(
    'an unbound WeChat comes back through another app',
    'identity/unbindings.ts',
    '      isSameIdentity(row, identity) ||\n      (row.userId === userId && known.some((one) => isSameWechat(one, row))),',
    '      isSameIdentity(row, identity) && known.length > 0 && isSameWechat(row, row) && row.userId === userId,',
  ),
  store(
    'an unbinding ends no session',
    'identity/binding-steps.ts',
    '    endOtherSessions(state, { userId, keepSessionId, appId })\n  }',
    '    void keepSessionId\n  }',
  ),
  store(
    'everywhere keeps the sessions of apps without an identity',
    'identity/identities.ts',
    'if (everywhere) endSessionsWithoutIdentity(state, userId)',
    '',
  ),
  store(
    'a new binding keeps the sessions of the one before',
    'identity/binding-steps.ts',
    '    endOtherSessions(state, { userId, keepSessionId: null, appId: identity.appId })\n',
    '',
  ),
  store(
    'a ticket is repeated after its binding was removed',
    'identity/identities.ts',
    "user === undefined || user.role === 'admin' || !stands(state, claim, userId)",
    "user === undefined || user.role === 'admin'",
  ),
  store(
    'a password that was changed in the meantime binds',
    'identity/identities.ts',
    "      if (user.passwordHash !== passwordHash) return { status: 'credential_rejected' }\n",
    '',
  ),
  store(
    'a disabled user is bound',
    'identity/binding-steps.ts',
    "  if (user.disabledAt !== null) return { status: 'user_disabled' }\n  const { bound, identity } = claim",
    '  const { bound, identity } = claim',
  ),
  store(
    'a unionid of two users signs in to one of them',
    'identity/binding-steps.ts',
    'if (owner === undefined || another !== undefined) return null',
    'if (owner === undefined || another === null) return null',
  ),
  store(
    'a second identity of an app is bound by its unionid',
    'identity/binding-steps.ts',
    '  if (identityInApp(state, owner.id, appId) !== null) return null\n',
    '  void appId\n',
  ),
  store(
    'two users of one unionid are not reported',
    'admin/merges/conflicts.ts',
    '    insertConflict(state, { ...pair, detectedAt: at })\n  }',
    '    void [pair, at, state]\n  }',
  ),
  store(
    'a new password keeps the other sessions',
    'account/users.ts',
    '      endOtherSessions(state, { userId, keepSessionId })\n      return',
    '      void keepSessionId\n      return',
  ),
  store(
    'disabling keeps the sessions, which live again when the user is enabled',
    'admin/people/people.ts',
    "      endAllSessions(state, userId)\n      return 'disabled'",
    "      return 'disabled'",
  ),
  store(
    'a cleared password keeps the sessions',
    'admin/people/people.ts',
    '      endAllSessions(state, userId)\n      return changeAndJudge',
    '      return changeAndJudge',
  ),
  store(
    'a merge keeps the sessions of who is gone',
    'admin/merges/merges.ts',
    '  dropSessions(state, ({ userId }) => userId === users.goneId)\n',
    '',
  ),
  store(
    'an undone merge keeps the sessions of the identities that went back',
    'admin/merges/merge-undo.ts',
    '  endOtherSessions(state, { userId: row.userId, keepSessionId: null, appId: row.appId })\n',
    '',
  ),
  store(
    'revoking ends the session of any user',
    'session/sessions.ts',
    'row.id === sessionId && row.userId === caller.userId',
    'row.id !== sessionId && row.userId === caller.userId',
  ),
  store(
    'a deleted user keeps the identities',
    'account/removal.ts',
    '  deleteRows(state.identities, ofUser)\n',
    '',
  ),
  store(
    'of two first sign-ins at once both make a user',
    'identity/identities.ts',
    '      const entered = enter(state, identity, session)\n      if (entered !== null) return entered\n      const claim',
    '      const claim',
  ),
  store(
    'a number of another user is taken over at once',
    'account/users.ts',
    "if (!canLoseNumber(meansOf(state, owner), rules)) return 'taken'",
    'void [canLoseNumber, meansOf, rules]',
  ),
]
