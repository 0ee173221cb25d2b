import { accountKey } from '../../account/account-name.ts'
import { provePassword } from '../../account/prove-password.ts'
import { Failure } from '../../failure.ts'
import { adminActions, type Origin } from '../../guard/audit-log.ts'
import { type Audited, audited } from '../../guard/audited.ts'
import type { DeskPorts } from '../desk-ports.ts'
import type { FirstFactor, OperatorSignIn } from '../operator.ts'
import {
  authenticateOperator,
  draftOperatorSession,
  liveSession,
  sessionOf,
} from './operator-session.ts'
import type { KnownOperator } from './operator-store.ts'
import { proveSecondFactor, renewRecoveryCodes } from './second-factor.ts'

/** The console's own sign-in; every step of it is in the audit log. */
export function operatorSignIn(ports: DeskPorts): OperatorSignIn {
  return {
    signIn: (input) => signIn(ports, input),

    enrol: ({ token, origin }) =>
      actingFirst(ports, { action: adminActions.enrol, token, origin }, async (known) => {
        if (known.factor !== null) throw new Failure('forbidden')
        const { id, account } = known.user
        const { sealed, ...shown } = ports.totp.draft({ id, account: account ?? id })
        await ports.operators.draftSecret(known.session.hash, sealed)
        return shown
      }),

    proveCode: ({ token, code, origin }) =>
      actingFirst(ports, { action: adminActions.proveCode, token, origin }, (known) =>
        proveSecondFactor(ports, known, code),
      ),

    authenticate: (token) => authenticateOperator(ports, token),

    async signOut(token, origin) {
      const known = await liveSession(ports, token)
      const who = known && known.session.stage === 'full' ? known.user.id : null
      const what = { action: adminActions.signOut, origin, operatorId: who } as const
      await audited(ports, what, async () => {
        if (known !== null) await ports.operators.end(known.session.hash)
      })
    },

    renewRecoveryCodes: ({ operator: { id }, origin }, code) =>
      audited(
        ports,
        { action: adminActions.renewRecoveryCodes, origin, operatorId: id, userId: id },
        () => renewRecoveryCodes(ports, id, code),
      ),
  }
}

async function signIn(
  ports: DeskPorts,
  { account, password, origin }: { account: string; password: string; origin: Origin },
): Promise<FirstFactor> {
  const subject = accountKey(account)
  const found = await ports.users.findByAccount(subject)
  // Whoever is no operator is looked at as if there were no such account, down to the time it takes.
  const user = found?.role === 'admin' ? found : null
  const what = { action: adminActions.signIn, origin, userId: found?.id ?? null } as const
  return audited(ports, what, work, () => ({ operatorId: user?.id ?? null }))

  async function work(): Promise<FirstFactor> {
    const { id, passwordHash, disabledAt } = await provePassword(ports, {
      subject,
      user,
      password,
      origin,
    })
    if (disabledAt !== null) throw new Failure('user_disabled')
    if (passwordHash === null) throw new Failure('credential_rejected')
    const { token, session } = draftOperatorSession(ports, { userId: id, passwordHash }, 'first')
    await ports.operators.open(session)
    return { token, next: (await ports.operators.factorOf(id)) === null ? 'enrol' : 'code' }
  }
}

/** Does something for who has proved the password, and nothing more yet. */
async function actingFirst<T>(
  ports: DeskPorts,
  { token, ...what }: Pick<Audited, 'action'> & { token: string | null; origin: Origin },
  work: (known: KnownOperator) => Promise<T>,
): Promise<T> {
  const userId = (await liveSession(ports, token))?.user.id ?? null
  return audited(
    ports,
    { ...what, userId },
    async () => work(await sessionOf(ports, token, 'first')),
    () => ({ operatorId: userId }),
  )
}
