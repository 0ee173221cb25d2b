import { type Fault, fault } from './fault.ts'

const core = (name: string, path: string, find: string, replace: string): Fault =>
  fault(name, `packages/core/src/${path}`, find, replace)

/** One condition, one count or one reply of a use case is wrong. */
export const useCaseFaults: readonly Fault[] = [
  core(
    'sign-ins are counted for an app, not for a WeChat',
    'identity/mini-login.ts',
    '{identity.openid}`)',
    '{identity.appId}`)',
  ),
  core(
    'a run of repeats is over after one generation',
    'session/rotation.ts',
    'const runLength = 2',
    'const runLength = 1',
  ),
  core(
    'every repeated refresh counts as a call at the same time',
    'session/refresh.ts',
    'const wasNewest = isNewest(session, claims)',
    'const wasNewest = isNewest(session, claims) || true',
  ),
  core(
    'a token older than the grandparent is answered',
    'session/rotation.ts',
    "  if (age === 2) return repeatGrandparent(rotation, variant, now)\n  return { status: 'reused' }",
    '  return repeatGrandparent(rotation, variant, now)',
  ),
  core(
    'right passwords count as guesses',
    'account/prove-password.ts',
    "  if (user === null) throw new Failure('credential_rejected')\n  await ports.limits.refund(...uses)\n",
    "  if (user === null) throw new Failure('credential_rejected')\n",
  ),
  core(
    'accepted phone codes count as refused ones',
    'identity/phone-code.ts',
    '  await ports.limits.refund(counted)\n  return phone',
    '  return phone',
  ),
  core(
    'a password that could not be verified counts as a guess',
    'account/prove-password.ts',
    '    await ports.limits.refund(...uses)\n    throw error',
    '    throw error',
  ),
  core(
    'a number is refused to its own user',
    'identity/sign-in-means.ts',
    'if (claim.isOwn || (unionid !== null && unionids.includes(unionid)))',
    'if (unionid !== null && unionids.includes(unionid))',
  ),
  core(
    'a unionid does not vouch for the owner of a number',
    'identity/sign-in-means.ts',
    'if (claim.isOwn || (unionid !== null && unionids.includes(unionid)))',
    'if (claim.isOwn)',
  ),
  core(
    'a number vouches until an identity is unbound, and not after its next proof',
    'identity/sign-in-means.ts',
    'owner.unboundAt >= (owner.phoneProvenAt ?? 0)',
    'owner.unboundAt < (owner.phoneProvenAt ?? 0)',
  ),
  core(
    'a password that everybody uses is accepted',
    'account/prove-password.ts',
    'if (isMadeOfContext(password, account) || (await ports.passwords.isCommon(password)))',
    'if (isMadeOfContext(password, account))',
  ),
  core(
    'every session in the app of the caller is marked as the caller’s',
    'session/manage-sessions.ts',
    'current: listed.id === session.id',
    'current: listed.appId === session.appId',
  ),
  core(
    'other identities are marked as the caller’s',
    'identity/unbind.ts',
    'current: identity.appId === session.appId',
    'current: identity.appId !== session.appId',
  ),
  core(
    'a number that is taken is acknowledged',
    'account/manage-account.ts',
    "  if (changed === 'taken') throw new Failure('account_taken')\n",
    "  if (changed === 'taken') return viewUser(caller.user as never)\n",
  ),
  core(
    'an unbinding that was refused is acknowledged',
    'identity/unbind.ts',
    "if (result === 'last') throw new Failure('last_credential')",
    '',
  ),
  core(
    'a try is spent although no password was verified',
    'identity/proof.ts',
    "if (error instanceof Failure && error.reason === 'overloaded')",
    "if (error instanceof Failure && error.reason === 'rate_limited')",
  ),
  core(
    'a code is given back although WeChat was asked',
    'identity/used-codes.ts',
    'if (wasNotAsked(error)) await codes.release(key).catch(() => {})',
    'await codes.release(key).catch(() => {})',
  ),
  core(
    'a user is deleted without the confirmation',
    'admin/people/manage-people.ts',
    "if (confirm !== (person.account ?? person.id)) throw new Failure('invalid_input')",
    'void [confirm, person]',
  ),
  core(
    'an administrator is shown a part of a number as the whole',
    'admin/people/manage-people.ts',
    'return ports.people.phoneOf(userId)',
    'return (await ports.people.phoneOf(userId))?.slice(0, 3) ?? null',
  ),
  core(
    'a new user is not called new',
    'session/open-session.ts',
    '    newUser,\n    identity,\n    unionidChanged,\n    effects,\n  }',
    '    newUser: false,\n    identity,\n    unionidChanged,\n    effects,\n  }',
  ),
  core(
    'a merge forgets the password of who had one',
    'admin/merges/merge-plan.ts',
    'password: hasUsablePassword(gone.person) && !hasUsablePassword(kept.person)',
    'password: false',
  ),
  core(
    'an undo takes the last way in',
    'admin/merges/undo-plan.ts',
    'return kept.couldSignIn && canStillSignIn(kept.now, rules) && !canStillSignIn(kept.after, rules)',
    'return false',
  ),
  core(
    'a refused call leaves no line in the audit log',
    'audit/audited.ts',
    '    audit.record(eventOf(what, now(), { outcome }))\n    throw error',
    '    void outcome\n    throw error',
  ),
  core(
    'a change of an administrator is done before its line is written',
    'audit/audited.ts',
    "if (call.waits === 'before') await",
    "if (call.waits === 'before' && call.origin === null) await",
  ),
  core(
    'fifteen passwords may be wrong',
    'rate-limit/limits.ts',
    "'wrong password for account': { limit: 10,",
    "'wrong password for account': { limit: 15,",
  ),
]
