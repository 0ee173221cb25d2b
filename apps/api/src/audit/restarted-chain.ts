import type { AuditStore } from '../store/sqlite/index.ts'

/** Begins a chain that was started in the place of a deleted one with a line that says so. */
export async function recordRestart({
  store,
  now,
}: {
  store: AuditStore
  now: () => number
}): Promise<void> {
  if (!store.isNew || store.restartedAt === null) return
  const subject = { userId: null, appId: null, origin: null }
  await store.write({ at: now(), action: 'system.auditRestart', outcome: 'ok', ...subject })
}

/** Says at each start that lines were deleted, for ever. */
export function warnOfRestart({ restartedAt }: AuditStore, log: (line: string) => void): void {
  if (restartedAt === null) return
  const at = new Date(restartedAt).toISOString()
  log(
    `the audit log was tampered with: its chain (table audit_chain) was deleted before ${at}, and a new one was started; run audit:verify`,
  )
}
