import { accountKey } from '../../account/account-name.ts'
import { provePassword } from '../../account/prove-password.ts'
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
import type { AdminSignIn, FirstFactor } from './administrator.ts'
import type { KnownAdministrator } from './administrator-store.ts'
import { proveSecondFactor, renewRecoveryCodes } from './second-factor.ts'

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
  | 'now'
  | 'policy'
>

/** The administrators' own sign-in. Every step is audited. */
export function adminSignIn(ports: SignInPorts): AdminSignIn {
  return {
    signIn: (input) => signIn(ports, input),

    enrol: ({ token, origin }) =>
      actingFirst(ports, { action: adminActions.enrol, token, origin }, async (known) => {
        if (known.secondFactor !== null) throw new Failure('forbidden')
        const { id, account } = known.user
        const { sealed, ...shown } = ports.totp.draft({ id, account: account ?? id })
        await ports.administrators.draftSecret(known.session.hash, sealed)
        return shown
      }),

    proveCode: ({ token, code, origin }) =>
      actingFirst(ports, { action: adminActions.proveCode, token, origin }, (known) =>
        proveSecondFactor(ports, known, code),
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

    renewRecoveryCodes: ({ administrator: { id }, origin }, code) =>
      audited(
        ports,
        { action: adminActions.renewRecoveryCodes, origin, adminId: id, userId: id },
        () => renewRecoveryCodes(ports, id, code),
      ),
  }
}

async function signIn(
  ports: SignInPorts,
  { account, password, origin }: { account: string; password: string; origin: Origin },
): Promise<FirstFactor> {
  const subject = accountKey(account)
  const found = await ports.users.findByAccount(subject)
  // A user who is no administrator is treated like an unknown account, also in the time that it takes.
  const user = found?.role === 'admin' ? found : null
  const what = { action: adminActions.signIn, origin, userId: found?.id ?? null } as const
  return audited(ports, what, work, () => ({ adminId: user?.id ?? null }))

  async function work(): Promise<FirstFactor> {
    const { id, passwordHash, disabledAt } = await provePassword(ports, {
      subject,
      user,
      password,
      origin,
      caller: { kind: 'administrator', id: subject },
    })
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
