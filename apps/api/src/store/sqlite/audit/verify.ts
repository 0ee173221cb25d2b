import type { KeyObject } from 'node:crypto'
import type { AuditKeySealer } from '../../../tokens/audit-key-sealer.ts'
import { openChainKey } from '../../audit/chain-key.ts'
import type { AuditFault, AuditVerification } from '../../audit/verification.ts'
import {
  createLineVerifier,
  faultOfSubject,
  nothingVerified,
  type StoredLine,
  type StoredSubject,
} from '../../audit/verify-lines.ts'
import type { Database } from '../database.ts'
import { lineColumns } from './chain.ts'
import { onlyChain, wasChained } from './chain-record.ts'
import { auditChain } from './schema.ts'

/**
 * Checks the chain of the audit log from its oldest line to its newest, in one snapshot of the database. The service may
 * run meanwhile.
 *
 * @throws Error where the key of the chain was sealed under another SECRET_KEY
 */
export function verifyAudit(database: Database, sealer: AuditKeySealer): AuditVerification {
  const { orm, sqlite } = database
  return sqlite.transaction((): AuditVerification => {
    const chain = orm.select().from(auditChain).where(onlyChain).get()
    if (chain === undefined) return verifyUnchained(database, sealer)
    const opened = openChainKey(sealer, chain.sealedKey)
    const verifier = createLineVerifier(chain, opened)
    const lines = sqlite.prepare<[], StoredLine>(
      `select ${lineColumns}, mac from audit_events order by id`,
    )
    for (const line of lines.iterate()) if (!verifier.next(line)) break
    const verified = verifier.end()
    return verified.fault === null
      ? { ...verified, fault: findSubject(database, opened.key) }
      : verified
  })()
}

function verifyUnchained(database: Database, sealer: AuditKeySealer): AuditVerification {
  const { sqlite } = database
  const chained = sqlite.prepare('select 1 from audit_events where mac is not null limit 1')
  const earlier = sqlite.prepare('select count(*) from audit_events').pluck().get() as number
  if (chained.get() !== undefined || wasChained(database, sealer))
    return { ...nothingVerified, fault: { kind: 'no_chain' } }
  return { ...nothingVerified, earlier }
}

/** The first pseudonym whose MAC is not over its user. */
function findSubject({ sqlite }: Database, key: KeyObject): AuditFault | null {
  const subjects = sqlite.prepare<[], StoredSubject>(
    'select user_id as userId, pseudonym, mac from audit_subjects',
  )
  for (const subject of subjects.iterate()) {
    const fault = faultOfSubject(subject, key)
    if (fault !== null) return fault
  }
  return null
}
