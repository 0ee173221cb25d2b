import { Failure } from '../../failure.ts'
import { refund, spend } from '../../guard/limits.ts'
import type { DeskPorts } from '../desk-ports.ts'
import { draftOperatorSession } from './operator-session.ts'
import type { FactorProof, KnownOperator, OperatorSession, SecondFactor } from './operator-store.ts'

interface Proved {
  readonly token: string
  readonly recoveryCodes: readonly string[]
}

/**
 * Completes a sign-in: with the first code of a new app, or with a code of the one that is enrolled.
 *
 * @throws Failure `credential_rejected`, `rate_limited`, `unauthenticated` where nothing is enrolled or drafted
 */
export function proveSecondFactor(
  ports: DeskPorts,
  known: KnownOperator,
  code: string,
): Promise<Proved> {
  const { session, user, factor } = known
  const { passwordHash } = user
  if (passwordHash === null) throw new Failure('unauthenticated')
  const fresh = draftOperatorSession(ports, { userId: user.id, passwordHash }, 'full')
  return counted(ports, session, async () => {
    if (factor === null) return enrolWith(ports, { from: session, ...fresh }, code)
    const proof = proofOf(ports, { userId: user.id, factor, code })
    const to = fresh.session
    if (proof === null || !(await ports.operators.complete({ from: session.hash, to, proof })))
      throw new Failure('credential_rejected')
    return { token: fresh.token, recoveryCodes: [] }
  })
}

async function enrolWith(
  ports: DeskPorts,
  { from, token, session: to }: { from: OperatorSession; token: string; session: OperatorSession },
  code: string,
): Promise<Proved> {
  const { userId, pendingSecret: sealedSecret } = from
  if (sealedSecret === null) throw new Failure('unauthenticated')
  const step = ports.totp.stepOf(userId, sealedSecret, { code, now: ports.now() })
  if (step === null) throw new Failure('credential_rejected')
  const recoveryCodes = ports.recoveryCodes.draw()
  const recoveryHashes = recoveryCodes.map((each) => ports.recoveryCodes.hash(userId, each))
  const change = { from: from.hash, to, sealedSecret, step, recoveryHashes }
  if (!(await ports.operators.enrol(change))) throw new Failure('unauthenticated')
  return { token, recoveryCodes }
}

/** What a code proves before the store has looked whether it was used; null where it proves nothing. */
function proofOf(
  ports: DeskPorts,
  { userId, factor, code }: { userId: string; factor: SecondFactor; code: string },
): FactorProof | null {
  if (!/^\d{6}$/.test(code)) return { recoveryHash: ports.recoveryCodes.hash(userId, code) }
  const step = ports.totp.stepOf(userId, factor.sealedSecret, { code, now: ports.now() })
  return step === null ? null : { step }
}

/** A try is counted before the code is looked at, so guesses that race are counted too. */
async function counted<T>(
  ports: DeskPorts,
  { hash, userId }: OperatorSession,
  prove: () => Promise<T>,
): Promise<T> {
  try {
    await spend(ports, 'wrong code of operator', userId)
  } catch (error) {
    // Whoever guesses has to know the password once more for the next five.
    if (error instanceof Failure) await ports.operators.end(hash)
    throw error
  }
  const proved = await prove()
  await refund(ports, 'wrong code of operator', userId)
  return proved
}

/** @throws Failure `credential_rejected`, `rate_limited`, `unauthenticated` where there is no second factor */
export async function renewRecoveryCodes(
  ports: DeskPorts,
  userId: string,
  code: string,
): Promise<readonly string[]> {
  const factor = await ports.operators.factorOf(userId)
  if (factor === null) throw new Failure('unauthenticated')
  await spend(ports, 'wrong code of operator', userId)
  const proof = proofOf(ports, { userId, factor, code })
  const codes = ports.recoveryCodes.draw()
  const recoveryHashes = codes.map((each) => ports.recoveryCodes.hash(userId, each))
  if (
    proof === null ||
    !(await ports.operators.renewRecoveryCodes({ userId, proof, recoveryHashes }))
  )
    throw new Failure('credential_rejected')
  await refund(ports, 'wrong code of operator', userId)
  return codes
}
