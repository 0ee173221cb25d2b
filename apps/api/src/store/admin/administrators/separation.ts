import type { AuditEvent } from '@mianmi/core'
import type { PhoneSealer } from '../../../tokens/phone-sealer.ts'

/** The line of the audit log for a separated administrator. */
export const separationLine = (of: {
  at: number
  adminId: string
  userId: string
}): AuditEvent => ({
  ...of,
  action: 'system.administratorSeparated',
  outcome: 'ok',
  appId: null,
  origin: null,
})

/** A sealed number of the user `from`, sealed for the user `to`; null where there is none, or it cannot be opened. */
export function sealForNewUser(
  phones: PhoneSealer,
  sealed: string | null,
  { from, to }: { from: string; to: string },
): string | null {
  if (sealed === null) return null
  try {
    return phones.seal(to, phones.open(from, sealed))
  } catch {
    return null
  }
}
