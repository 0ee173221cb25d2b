import { userInfo } from 'node:os'
import process from 'node:process'
import { type AuditAction, type AuditEvent, accountKey } from '@mianmi/core'
import { type Env, hasSecretKey, readSecretKeys } from '../../config.ts'
import {
  type Database,
  findSealedKey,
  openChain,
  prepareInbox,
  prepareUsers,
} from '../../store/sqlite/index.ts'
import { createAuditKeySealer } from '../../tokens/audit-key-sealer.ts'
import { requireKnownKey } from '../../tokens/claim-database.ts'
import { createRootKey } from '../../tokens/root-key.ts'
import { CommandError } from './administrators.ts'

interface CommandLog {
  readonly action: AuditAction
  /** The account name that the command was given; undefined for a command without one. */
  readonly account?: string | undefined
}

/**
 * Runs a command with a line in the audit log before it, without which it does not run, and one with its outcome. With
 * SECRET_KEY the lines are added to the chain; without it, or before there is a chain, the service adds them.
 *
 * @throws what the command throws, or the error of the database where no line could be written
 */
export async function recordCommand<T>(
  env: Env,
  database: Database,
  { action, account, run }: CommandLog & { run: () => Promise<T> },
): Promise<T> {
  const write = openLog(env, database)
  const line = (outcome: AuditEvent['outcome'], userId: string | null): AuditEvent => ({
    at: Date.now(),
    action,
    outcome,
    userId,
    appId: null,
    origin: { address: 'local', device: `admin.js, ${describeCaller()}` },
  })
  const subject = (): string | null =>
    account === undefined
      ? null
      : (prepareUsers(database).byAccount(accountKey(account))?.id ?? null)
  write(line('started', subject()))
  try {
    const result = await run()
    write(line('ok', subject()))
    return result
  } catch (error) {
    write(line(error instanceof CommandError ? 'invalid_input' : 'internal', subject()))
    throw error
  }
}

function openLog(env: Env, database: Database): (event: AuditEvent) => void {
  if (!hasSecretKey(env) || findSealedKey(database) === null) {
    const inbox = prepareInbox(database)
    return (event) => database.writeNow(() => inbox.put(event))
  }
  const root = createRootKey(...readSecretKeys(env))
  requireKnownKey(database, root)
  const { append } = openChain(database, createAuditKeySealer(root))
  return (event) => database.writeNow(() => append([event]))
}

/** The user of the operating system; the number alone where it has no name, as in some containers. */
function describeCaller(): string {
  try {
    return `user ${userInfo().username}`
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
