import { type Fault, fault } from './fault.ts'

const core = (name: string, path: string, find: string, replace: string): Fault =>
  fault(name, `packages/core/src/${path}`, find, replace)

/** Faults of the use cases. */
export const coreFaults: readonly Fault[] = [
  {
    name: 'a login code is sent to WeChat as often as it comes',
    patches: [
      {
        file: 'packages/core/src/identity/used-codes.ts',
        find: "if (used.get(key)) throw new Failure('code_used', { detail: 'seen here before' })",
        replace: '',
      },
      {
        file: 'packages/core/src/identity/used-codes.ts',
        find: 'if (!(await codes.claim(key, now())))',
        replace: 'if (key === String(now()))',
      },
    ],
  },
  core(
    'each node sends a login code to WeChat',
    'identity/used-codes.ts',
    'if (!(await codes.claim(key, now())))',
    'if (key === String(now()))',
  ),
  core(
    'a code whose call failed is sent to WeChat again',
    'identity/used-codes.ts',
    'error instanceof Failure && notAsked.includes(error.reason)',
    'error instanceof Failure',
  ),
  core(
    'a repeated refresh ends the session',
    'session/rotation.ts',
    '  return isInRun(rotation) ? issueVariant(rotation) : repeat(rotation, first)',
    "  return { status: 'reused' }",
  ),
  core(
    'no variant of a refresh token is forgiven',
    'session/rotation.ts',
    'if (variant !== rotation.parentVariant) return forgive(rotation)',
    'if (variant !== rotation.parentVariant) return null',
  ),
  core(
    'a late refresh has no grace',
    'session/rotation.ts',
    'variant !== grandparentVariant || !isInGrace(rotatedAt, now)',
    'true',
  ),
  {
    name: 'a disabled user goes on until the sessions expire',
    patches: [
      {
        file: 'packages/core/src/session/authenticate.ts',
        find: "if (user.disabledAt !== null) throw new Failure('user_disabled')",
        replace: '',
      },
      {
        file: 'packages/core/testing/memory-store/admin/people/people.ts',
        find: "      endAllSessions(state, userId)\n      return 'disabled'",
        replace: "      return 'disabled'",
      },
    ],
  },
  core(
    'a verb does not look whether the session of its caller has ended',
    'session/caller.ts',
    "return sessionExpiresAt === null || sessionExpiresAt <= now ? 'unauthenticated' : null",
    'return null',
  ),
  core(
    'a ticket may be repeated with the account of another person',
    'identity/bind.ts',
    "if (proven.used.userId !== userId) return { status: 'ticket_rejected' }",
    'if (proven.used.userId !== userId) return ports.identities.repeat({ ...request, userId: proven.used.userId, passwordHash: null })',
  ),
  core(
    'a used ticket may be repeated with any phone code',
    'identity/bind.ts',
    "if (proven.used.proof !== proof) return { status: 'ticket_rejected' }",
    '',
  ),
  core(
    'a number vouches for its owner for ever',
    'identity/sign-in-means.ts',
    'age !== null && age <= rules.phoneTrust && !isDoubtful',
    'age !== null && !isDoubtful',
  ),
  core(
    'a number opens a user of another unionid',
    'identity/sign-in-means.ts',
    'if (vouches && !isOther && !hasOtherCredential)',
    'if (vouches || rules.phoneTrust > 0)',
  ),
  core(
    'a number that moves leaves its owner without a way in',
    'identity/sign-in-means.ts',
    'age > rules.phoneTrust && canStillSignIn({ ...owner, phone: null }, rules)',
    'age > rules.phoneTrust',
  ),
  core(
    'unbinding the last way in is allowed',
    'identity/sign-in-means.ts',
    'if (identities.some(({ appId }) => rules.appIds.includes(appId))) return true',
    'return true',
  ),
  {
    // Whose WeChat it is is looked up twice: before the call waits, and in the transaction that rests on it.
    name: 'a login code of any WeChat proves the owner of a session',
    patches: [
      {
        file: 'packages/core/src/identity/prove-own-wechat.ts',
        find: "if (!accepted(isOwn)) throw new Failure('proof_required')",
        replace: '',
      },
      {
        file: 'packages/core/testing/memory-store/account/users.ts',
        find: "      if (!ownsIdentity(state, caller.userId, provenBy)) return 'unproven'\n      deleteUser",
        replace: '      void provenBy\n      deleteUser',
      },
    ],
  },
  core(
    'everywhere forgets identities whose unionid has changed',
    'identity/same-wechat.ts',
    '[unionid, previousUnionid].filter((known) => known !== null)',
    '[unionid].filter((known) => known !== null)',
  ),
  core(
    'an identity is given up although its user has an account',
    'identity/first-identity.ts',
    "if (has || role !== 'user' || disabledAt !== null) return false",
    '',
  ),
  core(
    'a session of the first factor is one of both',
    'admin/sign-in/admin-session.ts',
    'known === null || known.session.factor !== factor',
    'known === null',
  ),
  {
    name: 'an administrator is bound like anyone',
    patches: [
      {
        file: 'packages/core/src/account/find-candidates.ts',
        find: "if (user === null || user.role === 'admin') return",
        replace: 'if (user === null) return',
      },
      {
        file: 'packages/core/testing/memory-store/identity/binding-steps.ts',
        find: "  if (user.role === 'admin') return { status: 'credential_rejected' }\n",
        replace: '',
      },
    ],
  },
  core(
    'a password that the user had before is the proof of a new one',
    'account/manage-account.ts',
    "if (result === 'outdated') throw new Failure('credential_rejected')",
    '',
  ),
]
