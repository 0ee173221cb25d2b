import type { AuditChainStart, AuditStore } from '../store/store.ts'

/** Begins a chain that was started in the place of a deleted one with a line that says so. */
export async function recordRestart(
  { audit, now }: { audit: AuditStore; now: () => number },
  { isNew, restartedAt }: AuditChainStart,
): Promise<void> {
  if (!isNew || restartedAt === null) return
  const subject = { userId: null, appId: null, origin: null }
  await audit.write({ at: now(), action: 'system.auditRestart', outcome: 'ok', ...subject })
}

/** Says at each start that lines were deleted, for ever. */
export function warnOfRestart({ restartedAt }: AuditChainStart, log: (line: string) => void): void {
  if (restartedAt === null) return
  const at = new Date(restartedAt).toISOString()
  log(
    `the audit log was tampered with: its chain (table audit_chain) was deleted before ${at}, and a new one was started; run audit:verify`,
  )
}
