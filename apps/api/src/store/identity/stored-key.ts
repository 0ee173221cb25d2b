import type { SealedKey } from '@mianmi/core'

/** The session key of an identity's row; null for an imported identity that has not signed in yet. */
export function storedKey({
  sealedKey,
  keyFingerprint,
}: Readonly<Record<'sealedKey' | 'keyFingerprint', string | null>>): SealedKey | null {
  if (sealedKey === null || keyFingerprint === null) return null
  return { sealed: sealedKey, fingerprint: keyFingerprint }
}
