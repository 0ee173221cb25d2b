import { Failure } from '../../failure.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { draftAdminSession } from './admin-session.ts'
import type {
  AdminSession,
  FactorProof,
  KnownAdministrator,
  NewBrowser,
  SecondFactor,
} from './administrator-store.ts'
import { codeUse, countedTry } from './counted-tries.ts'
import { draftBrowser, knownBrowserOf } from './known-browser.ts'
import { plainCode } from './totp.ts'

type SecondFactorPorts = Pick<
  AdminPorts,
  'limits' | 'tokens' | 'administrators' | 'totp' | 'recoveryCodes' | 'now' | 'policy'
>

interface Proved {
  readonly token: string
  readonly browserToken: string
  readonly recoveryCodes: readonly string[]
}

/**
 * Completes a sign-in, with the first code of a new app or with a code of the enrolled one. From then on the browser is
 * known.
 *
 * @throws Failure `credential_rejected`, `rate_limited`, `unauthenticated` where no app is enrolled or waiting
 */
export async function proveSecondFactor(
  ports: SecondFactorPorts,
  known: KnownAdministrator,
  { code: typed, browserToken }: { code: string; browserToken: string | null },
): Promise<Proved> {
  const code = plainCode(typed)
  const { session, user, secondFactor } = known
  const { id: userId, passwordHash } = user
  if (passwordHash === null) throw new Failure('unauthenticated')
  const { token, session: to } = draftAdminSession(ports, { userId, passwordHash }, 'full')
  const drafted = draftBrowser(ports, browserToken)
  const proved = { token, browserToken: drafted.token }
  const change = { from: session.hash, to, browser: drafted.browser }
  const browser = await knownBrowserOf(ports, browserToken, userId)
  return countedInSession(ports, { session, browser }, async () => {
    if (secondFactor === null) {
      const recoveryCodes = await enrolWith(ports, session, { ...change, code })
      return recoveryCodes && { ...proved, recoveryCodes }
    }
    const proof = proofOf(ports, { userId, secondFactor, code })
    const isDone = proof !== null && (await ports.administrators.complete({ ...change, proof }))
    return isDone ? { ...proved, recoveryCodes: [] } : null
  })
}

/** The recovery codes; null for a wrong code. */
async function enrolWith(
  ports: Pick<AdminPorts, 'administrators' | 'totp' | 'recoveryCodes' | 'now'>,
  { userId, pendingSecret: sealedSecret }: AdminSession,
  { code, ...change }: { from: string; to: AdminSession; browser: NewBrowser; code: string },
): Promise<readonly string[] | null> {
  if (sealedSecret === null) throw new Failure('unauthenticated')
  const now = ports.now()
  const step = ports.totp.stepOf(userId, sealedSecret, { code, now })
  if (step === null) return null
  const recoveryCodes = ports.recoveryCodes.draw()
  const recoveryHashes = recoveryCodes.map((each) => ports.recoveryCodes.hash(userId, each))
  const enrolment = { ...change, sealedSecret, step, recoveryHashes, now }
  if (!(await ports.administrators.enrol(enrolment))) throw new Failure('unauthenticated')
  return recoveryCodes
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

/** Counts a try of a code. After too many wrong ones the password has to be proved again. */
export async function countedInSession<T>(
  ports: Pick<AdminPorts, 'limits' | 'administrators' | 'now' | 'policy'>,
  { session, browser }: { session: AdminSession; browser: string | null },
  prove: () => Promise<T | null>,
): Promise<T> {
  try {
    return await countedTry(ports, [codeUse(ports, session.userId, browser)], prove)
  } catch (error) {
    const isRefused = error instanceof Failure && error.reason === 'rate_limited'
    if (isRefused) await ports.administrators.end(session.hash)
    throw error
  }
}

/**
 * Runs a change that consumes a code of a signed-in administrator. Wrong codes are counted for the session: those
 * of others do not keep the administrator from it.
 *
 * @param use returns null where the code was used before
 * @throws Failure `credential_rejected`, `rate_limited`, `unauthenticated` where there is no second factor
 */
export async function withCodeOf<T>(
  ports: SecondFactorPorts,
  { userId, sessionHash, code }: { userId: string; sessionHash: string; code: string },
  use: (proof: FactorProof) => Promise<T | null>,
): Promise<T> {
  const secondFactor = await ports.administrators.secondFactorOf(userId)
  if (secondFactor === null) throw new Failure('unauthenticated')
  return countedTry(ports, [codeUse(ports, userId, sessionHash)], async () => {
    const proof = proofOf(ports, { userId, secondFactor, code: plainCode(code) })
    return proof === null ? null : use(proof)
  })
}

/**
 * Replaces the recovery codes.
 *
 * @throws Failure `credential_rejected`, `rate_limited`, `unauthenticated` where there is no second factor
 */
export function renewRecoveryCodes(
  ports: SecondFactorPorts,
  { id: userId, sessionHash }: { id: string; sessionHash: string },
  code: string,
): Promise<readonly string[]> {
  return withCodeOf(ports, { userId, sessionHash, code }, async (proof) => {
    const codes = ports.recoveryCodes.draw()
    const recoveryHashes = codes.map((each) => ports.recoveryCodes.hash(userId, each))
    const change = { userId, sessionHash, proof, recoveryHashes }
    const isDone = await ports.administrators.renewRecoveryCodes(change)
    return isDone ? codes : null
  })
}
