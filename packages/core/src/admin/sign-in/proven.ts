import type { AdminPorts } from '../admin-ports.ts'
import type { ProvenActor } from '../administrators/role-store.ts'
import type { AdminActor } from './administrator.ts'
import { withCodeOf } from './second-factor.ts'

type ProofPorts = Pick<
  AdminPorts,
  'administrators' | 'totp' | 'recoveryCodes' | 'limits' | 'tokens' | 'now' | 'policy'
>

/**
 * Makes a change with a fresh code of the second factor of the administrator who acts, which the store consumes in the same
 * transaction.
 *
 * @throws Failure `credential_rejected`, `rate_limited`
 */
export function proven<T extends string>(
  ports: ProofPorts,
  { actor, code }: { actor: AdminActor; code: string },
  change: (by: ProvenActor) => Promise<T | 'proof_rejected'>,
): Promise<Exclude<T, 'proof_rejected'>> {
  const { id: adminId, sessionHash } = actor.administrator
  return withCodeOf(ports, { userId: adminId, sessionHash, code }, async (proof) => {
    const done = await change({ adminId, sessionHash, proof })
    return done === 'proof_rejected' ? null : (done as Exclude<T, 'proof_rejected'>)
  })
}
