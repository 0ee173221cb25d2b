import { Failure } from '../../failure.ts'
import { refund, spend } from '../../rate-limit/limits.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { draftAdminSession } from './admin-session.ts'
import type {
  AdminSession,
  FactorProof,
  KnownAdministrator,
  SecondFactor,
} from './administrator-store.ts'
import { plainCode } from './totp.ts'

type SecondFactorPorts = Pick<
  AdminPorts,
  'limits' | 'tokens' | 'administrators' | 'totp' | 'recoveryCodes' | 'now' | 'policy'
>

interface Proved {
  readonly token: string
  readonly recoveryCodes: readonly string[]
}

/**
 * Completes a sign-in, with the first code of a new app or with a code of the enrolled one.
 *
 * @throws Failure `credential_rejected`, `rate_limited`, `unauthenticated` where no app is enrolled or waiting
 */
export function proveSecondFactor(
  ports: SecondFactorPorts,
  known: KnownAdministrator,
  typed: string,
): Promise<Proved> {
  const code = plainCode(typed)
  const { session, user, secondFactor } = known
  const { passwordHash } = user
  if (passwordHash === null) throw new Failure('unauthenticated')
  const fresh = draftAdminSession(ports, { userId: user.id, passwordHash }, 'full')
  return counted(ports, session, async () => {
    if (secondFactor === null) return enrolWith(ports, { from: session, ...fresh }, code)
    const proof = proofOf(ports, { userId: user.id, secondFactor, code })
    const to = fresh.session
    if (proof === null || !(await ports.administrators.complete({ from: session.hash, to, proof })))
      throw new Failure('credential_rejected')
    return { token: fresh.token, recoveryCodes: [] }
  })
}

async function enrolWith(
  ports: Pick<AdminPorts, 'administrators' | 'totp' | 'recoveryCodes' | 'now'>,
  { from, token, session: to }: { from: AdminSession; token: string; session: AdminSession },
  code: string,
): Promise<Proved> {
  const { userId, pendingSecret: sealedSecret } = from
  if (sealedSecret === null) throw new Failure('unauthenticated')
  const step = ports.totp.stepOf(userId, sealedSecret, { code, now: ports.now() })
  if (step === null) throw new Failure('credential_rejected')
  const recoveryCodes = ports.recoveryCodes.draw()
  const recoveryHashes = recoveryCodes.map((each) => ports.recoveryCodes.hash(userId, each))
  const change = { from: from.hash, to, sealedSecret, step, recoveryHashes }
  if (!(await ports.administrators.enrol(change))) throw new Failure('unauthenticated')
  return { token, recoveryCodes }
}

/** What a code proves, before the store checks whether it was used; null where it proves nothing. */
function proofOf(
  ports: Pick<AdminPorts, 'totp' | 'recoveryCodes' | 'now'>,
  { userId, secondFactor, code }: { userId: string; secondFactor: SecondFactor; code: string },
): FactorProof | null {
  const { recoveryCodes } = ports
  if (!/^\d{6}$/.test(code))
    return {
      recoveryHash: recoveryCodes.hash(userId, code),
      formerHashes: recoveryCodes.formerHashes(userId, code),
    }
  const step = ports.totp.stepOf(userId, secondFactor.sealedSecret, { code, now: ports.now() })
  return step === null ? null : { step }
}

/** Counts a try before the code is verified, so that concurrent guesses are counted too. */
async function counted<T>(
  ports: Pick<AdminPorts, 'limits' | 'administrators' | 'now' | 'policy'>,
  { hash, userId }: AdminSession,
  prove: () => Promise<T>,
): Promise<T> {
  try {
    await spend(ports, 'wrong code of administrator', userId)
  } catch (error) {
    // After five wrong codes the password has to be proved again.
    if (error instanceof Failure) await ports.administrators.end(hash)
    throw error
  }
  const proved = await prove()
  await refund(ports, 'wrong code of administrator', userId)
  return proved
}

/**
 * Replaces the recovery codes.
 *
 * @throws Failure `credential_rejected`, `rate_limited`, `unauthenticated` where there is no second factor
 */
export async function renewRecoveryCodes(
  ports: SecondFactorPorts,
  userId: string,
  typed: string,
): Promise<readonly string[]> {
  const code = plainCode(typed)
  const secondFactor = await ports.administrators.secondFactorOf(userId)
  if (secondFactor === null) throw new Failure('unauthenticated')
  await spend(ports, 'wrong code of administrator', userId)
  const proof = proofOf(ports, { userId, secondFactor, code })
  const codes = ports.recoveryCodes.draw()
  const recoveryHashes = codes.map((each) => ports.recoveryCodes.hash(userId, each))
  if (
    proof === null ||
    !(await ports.administrators.renewRecoveryCodes({ userId, proof, recoveryHashes }))
  )
    throw new Failure('credential_rejected')
  await refund(ports, 'wrong code of administrator', userId)
  return codes
}
