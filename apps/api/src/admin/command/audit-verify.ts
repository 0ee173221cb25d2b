import type { Env } from '../../config/env.ts'
import type { AuditFault, AuditVerification } from '../../store/store.ts'
import { requireKnownKey } from '../../tokens/claim-database.ts'
import { CommandError } from './administrators.ts'
import { serviceRoot, withStore } from './command-store.ts'

/**
 * Checks the chain of the audit log, while the service may run. Returns the line to print.
 *
 * @throws CommandError that names the first broken place, ConfigError, DatabaseOpenError, UnlistedKeyError
 */
export function runAuditVerify(env: Env, migrations: string): Promise<string> {
  const root = serviceRoot(env)
  return withStore({ env, root, migrations, mayBeMoved: true }, async ({ rootKeys, audit }) => {
    await requireKnownKey(rootKeys, root)
    const result = await audit.verify()
    const verified = describeVerified(result)
    const faults = [
      ...(result.fault === null ? [] : [describeFault(result.fault)]),
      ...(result.restartedAt === null ? [] : [describeRestart(result.restartedAt)]),
    ]
    if (faults.length === 0) return verified
    throw new CommandError([...faults, verified].join('; '))
  })
}

const describeRestart = (at: number): string =>
  `the chain was started again at ${new Date(at).toISOString()}, because its record (table audit_chain) was deleted; no line before that is verified`

type Place = AuditVerification['first']

const placeOf = (place: Place): string =>
  place === null
    ? 'the beginning of the chain'
    : `line ${place.id} of ${new Date(place.at).toISOString()}`

function describeVerified({ verified, first, last, mac, earlier }: AuditVerification): string {
  const lines = `${verified} ${verified === 1 ? 'line' : 'lines'} verified`
  const range =
    last === null ? '' : `, from ${placeOf(first)} to ${placeOf(last)} with the MAC ${mac}`
  const rest =
    earlier === 0
      ? ''
      : `; ${earlier} before them, of an earlier version or of a chain that was deleted, are not verified`
  return lines + range + rest
}

function describeFault(fault: AuditFault): string {
  switch (fault.kind) {
    case 'no_chain':
      return 'the record of the chain (table audit_chain) was deleted'
    case 'chain_altered':
      return 'the record of the chain (table audit_chain) was altered'
    case 'line':
      return `the audit log is broken at ${placeOf(fault.place)}: it does not follow ${placeOf(fault.after)}; it was altered, inserted or moved, or lines before it were deleted`
    case 'subject':
      return `the pseudonym ${fault.pseudonym} was given to another user (table audit_subjects)`
    case 'end':
      return `the audit log is broken after ${placeOf(fault.after)}: the newest line was ${fault.newestId}, and the lines up to it were deleted or altered`
  }
}
