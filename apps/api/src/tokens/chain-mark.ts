import type { JWK } from 'jose'
import type { RootKey } from './root-key.ts'

/*
 * The database has had a chain of the audit log: a member of each sealed signing key, beside the key itself. The service
 * does not start with a signing key that cannot be opened, and none can be made or altered without SECRET_KEY.
 */
const mark = 'auditChain'

type StoredJwk = JWK & { readonly [mark]?: boolean }

export const hasChainMark = (jwk: StoredJwk | null): boolean => jwk?.[mark] === true

export const markJwk = (jwk: JWK): StoredJwk => ({ ...jwk, [mark]: true })

/** Null for one that cannot be opened. */
export function openJwk(root: RootKey, sealed: string): StoredJwk | null {
  try {
    return JSON.parse(root.open('signing key', sealed))
  } catch {
    return null
  }
}
