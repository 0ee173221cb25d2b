import { type Fault, fault } from './fault.ts'

const core = (name: string, path: string, find: string, replace: string): Fault =>
  fault(name, `packages/core/src/${path}`, find, replace)
const store = (name: string, path: string, find: string, replace: string): Fault =>
  fault(name, `packages/core/testing/memory-store/${path}`, find, replace)
const session = (name: string, path: string, find: string, replace: string): Fault =>
  fault(name, `packages/wx-session/src/session/${path}`, find, replace)

/** A rule of each kind taken out, beside those that were faults once. */
export const ruleFaults: readonly Fault[] = [
  core(
    'a ticket is good for any number of tries',
    'identity/proof.ts',
    'const maxTries = 5',
    'const maxTries = 500',
  ),
  core(
    'a spent ticket registers again with any password',
    'identity/register.ts',
    "if (!matches) return { status: 'ticket_rejected' }",
    'void matches',
  ),
  core(
    'refused phone codes are not counted',
    'identity/phone-code.ts',
    'if (!isRefused) await',
    'if (isRefused || !isRefused) await',
  ),
  core(
    'account names that are tried are not counted',
    'identity/register.ts',
    '    await countName(ports, proven)\n',
    '',
  ),
  store(
    'a WeChat signs in as often as it likes',
    'identity/identities.ts',
    "if (refused !== null) return { status: 'limited', ...refused }",
    'void refused',
  ),
  core(
    'wrong passwords are not counted',
    'account/prove-password.ts',
    "if (user === null) throw new Failure('credential_rejected')",
    "if (user === null) {\n    await ports.limits.refund(...uses)\n    throw new Failure('credential_rejected')\n  }",
  ),
  {
    name: 'a session that was not refreshed for 30 days goes on',
    patches: [
      {
        file: 'packages/core/src/session/open-session.ts',
        find: 'return expiresAt > now && expiresAt <= longestEnd(policy, now)',
        replace: 'return expiresAt <= longestEnd(policy, now)',
      },
      {
        file: 'packages/core/src/session/decide-refresh.ts',
        find: 'if (found === null || found.session.expiresAt <= now)',
        replace: 'if (found === null || now < 0)',
      },
    ],
  },
  core(
    'a first sign-in makes a user where SIGN_UP is bind',
    'identity/mini-login.ts',
    "if (ports.policy.signUp === 'bind') return issueTicket(ports, identity)",
    'if (identity.unionid === null) return issueTicket(ports, identity)',
  ),
  core(
    'an unbinding everywhere is one in a single app',
    'identity/unbind.ts',
    '    everywhere,\n    caller: callerNow',
    '    everywhere: false,\n    caller: callerNow',
  ),
  core(
    'a merge can be undone for ten days',
    'admin/merges/merge-store.ts',
    'export const undoTime: number = 24 * 3_600_000',
    'export const undoTime: number = 240 * 3_600_000',
  ),
  core(
    'a number vouches although an identity was unbound since its proof',
    'identity/sign-in-means.ts',
    'age <= rules.phoneTrust && !isDoubtful',
    'age <= rules.phoneTrust && (isDoubtful || !isDoubtful)',
  ),
  core(
    'a number opens a user who has a password',
    'identity/sign-in-means.ts',
    'owner.passwordHash !== null || owner.identities.some((identity) => identity.appId === appId)',
    'owner.identities.some((identity) => identity.appId === appId)',
  ),
  core(
    'a number moves however young its proof is',
    'identity/sign-in-means.ts',
    'return age !== null && age > rules.phoneTrust && canStillSignIn',
    'return age !== null && canStillSignIn',
  ),
  store(
    'an expired ticket binds',
    'identity/tickets.ts',
    'return expiresAt > now && expiresAt <= latest + ttl && tries < maxTries',
    'return expiresAt <= latest + ttl && tries < maxTries',
  ),
  store(
    'a spent ticket is repeated as long as it is kept',
    'identity/tickets.ts',
    'return at > now - repeatableFor && at <= latest ?',
    'return at > now - 10 * repeatableFor && at <= latest ?',
  ),
  store(
    'a disabled user is signed in by a login code',
    'identity/binding-steps.ts',
    "    return { status: 'user_disabled' }\n  }\n  const unionidChanged",
    '  }\n  const unionidChanged',
  ),
  store(
    'the identities that stayed with a merged user open it',
    'identity/binding-steps.ts',
    '  if (user.disabledAt !== null) {\n    if (user.mergedInto === null)',
    '  if (user.disabledAt !== null && user.mergedInto === null) {\n    if (user.mergedInto === null)',
  ),
  store(
    'ending the other sessions ends that of the caller',
    'session/sessions.ts',
    'refusalOfCaller(state, caller) ?? endOtherSessions(state, { userId, keepSessionId })',
    'refusalOfCaller(state, caller) ?? endOtherSessions(state, { userId, keepSessionId: keepSessionId && null })',
  ),
  store(
    'a list shows the sessions of all users',
    'session/sessions.ts',
    '.filter((session) => session.userId === userId && session.expiresAt > now)',
    '.filter((session) => userId !== null && session.expiresAt > now)',
  ),
  store(
    'a merge forgets what was unbound',
    'admin/merges/merges.ts',
    'unbindings: moveUnbindings(state, users.goneId, users.keptId),',
    'unbindings: moveUnbindings(state, users.goneId, users.goneId),',
  ),
  store(
    'an undo leaves the identities with the kept user',
    'admin/merges/merge-undo.ts',
    '{ ...row, userId: goneId, boundBy }',
    '{ ...row, userId: goneId && row.userId, boundBy }',
  ),
  store(
    'a binding lifts every unbinding of its user',
    'identity/unbindings.ts',
    'deleteRows(state.unbindings, (row) => row.userId === userId && isSameIdentity(row, identity))',
    'deleteRows(state.unbindings, (row) => row.userId === userId && identity !== null)',
  ),
  store(
    'a reply without a unionid forgets the one that was known',
    'identity/identity-rows.ts',
    'if (unionid === null || unionid === row.unionid) return row',
    'if (unionid === row.unionid) return row',
  ),
  store(
    'a changed unionid forgets the one before',
    'identity/identity-rows.ts',
    'previousUnionid: row.unionid ?? row.previousUnionid',
    'previousUnionid: row.previousUnionid',
  ),
  session(
    'a sign-out is not stored',
    'state/session-state-store.ts',
    '      persistState(next, nextTokens)\n',
    "      if (next.status !== 'signedOut') persistState(next, nextTokens)\n",
  ),
  session(
    'a sign-in does not look whether the person has signed out meanwhile',
    'sign-in/sign-in-flow.ts',
    '        if (!isAdopted) {\n          // First',
    '        {\n          // First',
  ),
  session(
    'a call is repeated as often as its token is rejected',
    'authorized.ts',
    'return repetition\n',
    'return repetition.catch(() => run(renewed))\n',
  ),
  session(
    'two sign-ins run at once, each with a wx.login',
    'state/single-flight.ts',
    'if (running) return running\n',
    '',
  ),
  session(
    'wx.login is called as often as a person taps',
    'sign-in/code-exchange.ts',
    'const loginsPerSecond = 4',
    'const loginsPerSecond = 400',
  ),
  session(
    'a lost sign-in overrides one that was adopted meanwhile',
    'sign-in/sign-in-flow.ts',
    'if (!stateStore.tokens) stateStore.record',
    'stateStore.record',
  ),
]
