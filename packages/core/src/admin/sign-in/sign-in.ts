import { accountKey } from '../../account/account-name.ts'
import { adminActions, type Origin } from '../../audit/audit-log.ts'
import { type AuditedCall, audited } from '../../audit/audited.ts'
import { Failure } from '../../failure.ts'
import type { AdminPorts } from '../admin-ports.ts'
import {
  authenticateAdministrator,
  draftAdminSession,
  liveSession,
  sessionOf,
} from './admin-session.ts'
import type { AdminActor, AdminSignIn, FirstFactor } from './administrator.ts'
import type { KnownAdministrator } from './administrator-store.ts'
import { changeAdminPassword } from './change-password.ts'
import { proveAdminPassword } from './counted-tries.ts'
import { knownBrowserOf } from './known-browser.ts'
import { countedInSession, proveSecondFactor, renewRecoveryCodes } from './second-factor.ts'

type SignInPorts = Pick<
  AdminPorts,
  | 'users'
  | 'limits'
  | 'audit'
  | 'tokens'
  | 'passwords'
  | 'administrators'
  | 'totp'
  | 'recoveryCodes'
  | 'enrolmentCodes'
  | 'now'
  | 'policy'
>

/** The administrators' own sign-in. Every step is audited. */
export function adminSignIn(ports: SignInPorts): AdminSignIn {
  return {
    signIn: (input) => signIn(ports, input),

    enrol: ({ token, enrolmentCode, origin }) =>
      actingFirst(ports, { action: adminActions.enrol, token, origin }, (known) =>
        enrol(ports, known, enrolmentCode),
      ),

    proveCode: ({ token, origin, ...proof }) =>
      actingFirst(ports, { action: adminActions.proveCode, token, origin }, (known) =>
        proveSecondFactor(ports, known, proof),
      ),

    authenticate: (token) => authenticateAdministrator(ports, token),

    async signOut(token, origin) {
      const known = await liveSession(ports, token)
      const who = known && known.session.factor === 'full' ? known.user.id : null
      const what = { action: adminActions.signOut, origin, adminId: who } as const
      await audited(ports, what, async () => {
        if (known !== null) await ports.administrators.end(known.session.hash)
      })
    },

    renewRecoveryCodes: (actor, code) =>
      acting(ports, { action: adminActions.renewRecoveryCodes, actor }, () =>
        renewRecoveryCodes(ports, actor.administrator, code),
      ),

    changePassword: (actor, change) =>
      acting(ports, { action: adminActions.changePassword, actor }, () =>
        changeAdminPassword(ports, actor, change),
      ),
  }
}

async function enrol(
  ports: SignInPorts,
  { session, user, secondFactor }: KnownAdministrator,
  enrolmentCode: string,
): Promise<{ secret: string; uri: string }> {
  if (secondFactor !== null) throw new Failure('forbidden')
  const { id, account } = user
  // Counted for this session. A stranger who knows the password would otherwise keep the administrator from enrolling.
  return countedInSession(ports, { session, browser: session.hash }, async () => {
    const { sealed: sealedSecret, ...shown } = ports.totp.draft({ id, account: account ?? id })
    const enrolmentHash = ports.enrolmentCodes.hash(enrolmentCode)
    const draft = { hash: session.hash, sealedSecret, enrolmentHash, now: ports.now() }
    return (await ports.administrators.draftSecret(draft)) ? shown : null
  })
}

async function signIn(
  ports: SignInPorts,
  { account, password, browserToken, origin }: Parameters<AdminSignIn['signIn']>[0],
): Promise<FirstFactor> {
  const subject = accountKey(account)
  const found = await ports.users.findByAccount(subject)
  // A user who is no administrator is treated like an unknown account, also in the time that it takes.
  const user = found?.role === 'admin' ? found : null
  const what = { action: adminActions.signIn, origin, userId: found?.id ?? null } as const
  return audited(ports, what, work, () => ({ adminId: user?.id ?? null }))

  async function work(): Promise<FirstFactor> {
    const browser = await knownBrowserOf(ports, browserToken, user?.id ?? '')
    const { id, passwordHash, disabledAt } = await proveAdminPassword(
      ports,
      { subject, user, password, origin },
      browser,
    )
    if (disabledAt !== null) throw new Failure('user_disabled')
    if (passwordHash === null) throw new Failure('credential_rejected')
    const { token, session } = draftAdminSession(ports, { userId: id, passwordHash }, 'first')
    await ports.administrators.open(session)
    return {
      token,
      next: (await ports.administrators.secondFactorOf(id)) === null ? 'enrol' : 'code',
    }
  }
}

/** Runs `work` for a signed-in administrator, about this administrator, and audits it. */
function acting<T>(
  ports: Pick<AdminPorts, 'audit' | 'now'>,
  { action, actor }: Pick<AuditedCall, 'action'> & { actor: AdminActor },
  work: () => Promise<T>,
): Promise<T> {
  const { id } = actor.administrator
  return audited(ports, { action, origin: actor.origin, adminId: id, userId: id }, work)
}

/** Runs `work` for a session of the first factor, and audits it. */
async function actingFirst<T>(
  ports: Pick<AdminPorts, 'audit' | 'tokens' | 'administrators' | 'now'>,
  { token, ...what }: Pick<AuditedCall, 'action'> & { token: string | null; origin: Origin },
  work: (known: KnownAdministrator) => Promise<T>,
): Promise<T> {
  const userId = (await liveSession(ports, token))?.user.id ?? null
  return audited(
    ports,
    { ...what, userId },
    async () => work(await sessionOf(ports, token, 'first')),
    () => ({ adminId: userId }),
  )
}
