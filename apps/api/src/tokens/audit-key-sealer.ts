import type { RootKey } from './root-key.ts'

/** Seals the key of the audit log's chain, so that the database file alone makes no line that verifies. */
export interface AuditKeySealer {
  seal(key: string): string
  /** @throws when it was sealed under another key */
  open(sealed: string): string
}

export function createAuditKeySealer(root: RootKey): AuditKeySealer {
  return {
    seal: (key) => root.seal('audit key', key),
    open: (sealed) => root.open('audit key', sealed),
  }
}
