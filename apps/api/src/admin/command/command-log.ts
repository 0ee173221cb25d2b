import { userInfo } from 'node:os'
import process from 'node:process'
import { type AuditAction, type AuditEvent, accountKey } from '@mianmi/core'
import type { Env } from '../../config/env.ts'
import { hasSecretKey, readSecretKeys } from '../../config/secret-keys.ts'
import type { Store } from '../../store/store.ts'
import { requireKnownKey } from '../../tokens/claim-database.ts'
import { createRootKey } from '../../tokens/root-key.ts'
import { CommandError } from './administrators.ts'

interface CommandLog {
  readonly action: AuditAction
  /** The account name that the command was given; undefined for a command without one. */
  readonly account?: string | undefined
  /** The id of what else the command works on, such as a service key. */
  readonly subject?: string | null
}

/**
 * Runs a command with a line in the audit log before it, without which it does not run, and one with its outcome. With
 * SECRET_KEY the lines are added to the chain; without it, or before there is a chain, the service adds them.
 *
 * @throws what the command throws, or the error of the database where no line could be written
 */
export async function recordCommand<T>(
  env: Env,
  store: Store,
  { action, account, subject = null, run }: CommandLog & { run: () => Promise<T> },
): Promise<T> {
  const write = await openLog(env, store)
  const record = async (outcome: AuditEvent['outcome']): Promise<void> => {
    const user = account === undefined ? null : await store.users.findByAccount(accountKey(account))
    await write(lineOf(action, outcome, user?.id ?? subject))
  }
  await record('started')
  try {
    const result = await run()
    await record('ok')
    return result
  } catch (error) {
    await record(outcomeOf(error))
    throw error
  }
}

/**
 * Writes one line of a command that works on two databases, one after the other.
 *
 * @throws the error of the database where no line could be written
 */
export async function recordOutcome(
  env: Env,
  store: Store,
  action: AuditAction,
  outcome: AuditEvent['outcome'],
): Promise<void> {
  const write = await openLog(env, store)
  await write(lineOf(action, outcome, null))
}

export const lineOf = (
  action: AuditAction,
  outcome: AuditEvent['outcome'],
  userId: string | null,
): AuditEvent => ({
  at: Date.now(),
  action,
  outcome,
  userId,
  appId: null,
  origin: { address: 'local', device: `admin.js, ${describeCaller()}` },
})

/** The outcome of a command that has thrown. */
export const outcomeOf = (error: unknown): AuditEvent['outcome'] =>
  error instanceof CommandError ? 'invalid_input' : 'internal'

async function openLog(
  env: Env,
  { audit, rootKeys }: Store,
): Promise<(event: AuditEvent) => Promise<void>> {
  if (!hasSecretKey(env) || (await audit.sealedKey()) === null) return audit.leave
  await requireKnownKey(rootKeys, createRootKey(...readSecretKeys(env)))
  await audit.open()
  return audit.write
}

/** The user of the operating system; the number alone where it has no name, as in some containers. */
function describeCaller(): string {
  try {
    return `user ${userInfo().username}`
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
