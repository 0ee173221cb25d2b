import type { ServiceKey, ServiceScope } from '../../service-keys/service-key.ts'
import type { ServiceKeyFinder } from '../../service-keys/service-key-finder.ts'
import type { ProvenActor } from '../administrators/role-store.ts'

/** How long a revoked key stays in the list, in ms: as long as the audit log has its lines. */
export const revokedKeyRetention: number = 190 * 24 * 3_600_000

export interface NewServiceKey {
  readonly id: string
  readonly name: string
  readonly scopes: readonly ServiceScope[]
  readonly hash: string
  readonly at: number
}

/**
 * The keys of other services. In each verb with `by` the code of the administrator who acts is consumed in the same
 * transaction, and a refused verb consumes none; `by` is null for a command. `proof_rejected` as in `RoleStore`.
 */
export interface ServiceKeyStore extends ServiceKeyFinder {
  /**
   * `name_taken` where a key has the name that is not revoked. Of concurrent callers with one name one is `created`. Keys
   * that were revoked `revokedKeyRetention` ago are deleted with it.
   */
  create(
    key: NewServiceKey,
    by: ProvenActor | null,
  ): Promise<'created' | 'name_taken' | 'proof_rejected'>
  /** In the order of creation, with the revoked ones. */
  list(): Promise<readonly ServiceKey[]>
  /**
   * Adds a secret to a key that is not revoked. Every other secret is accepted until `previousUntil` at the longest, and
   * those that are over are deleted. Of concurrent callers each one's secret is accepted that long.
   */
  rotate(
    change: { id: string; hash: string; at: number; previousUntil: number },
    by: ProvenActor | null,
  ): Promise<'rotated' | 'not_found' | 'proof_rejected'>
  /** True for the one caller who revoked it. From its commit on `find` does not return the key, on every node. */
  revoke(id: string, at: number): Promise<boolean>
}
