import { hasChainMark, markJwk, openJwk } from './chain-mark.ts'
import type { RootKey } from './root-key.ts'

/** Seals the key of the audit log's chain, so that the database file alone makes no line that verifies. */
export interface AuditKeySealer {
  seal(key: string): string
  /** @throws when it was sealed under another key */
  open(sealed: string): string
  /** Whether a sealed signing key says that the database has had a chain. Of one that cannot be opened: no. */
  isMarked(sealedJwk: string): boolean
  /** The sealed signing key with that mark; null where it has it, or cannot be opened. */
  mark(sealedJwk: string): string | null
}

export function createAuditKeySealer(root: RootKey): AuditKeySealer {
  return {
    seal: (key) => root.seal('audit key', key),
    open: (sealed) => root.open('audit key', sealed),
    isMarked: (sealed) => hasChainMark(openJwk(root, sealed)),
    mark(sealed) {
      const jwk = openJwk(root, sealed)
      if (jwk === null || hasChainMark(jwk)) return null
      return root.seal('signing key', JSON.stringify(markJwk(jwk)))
    },
  }
}
