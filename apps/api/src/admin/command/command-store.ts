import { randomBytes } from 'node:crypto'
import { readExistingDatabase } from '../../config/database-url.ts'
import type { Env } from '../../config/env.ts'
import { hasSecretKey, readSecretKeys } from '../../config/secret-keys.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { createAuditKeySealer } from '../../tokens/audit-key-sealer.ts'
import { createPhoneSealer } from '../../tokens/phone-sealer.ts'
import { createRootKey, type RootKey } from '../../tokens/root-key.ts'
import { CommandError } from './administrators.ts'

/**
 * The service gives up a write after a second, because a person waits. A command that did so would end in the middle, where
 * another one, such as a second import, writes as fast as it can.
 */
const lockWaitMs = 30_000

interface CommandStore {
  readonly env: Env
  readonly root: RootKey
  readonly migrations: string
  /** For a command that only reads: also of a SQLite file whose content was moved. */
  readonly mayBeMoved?: boolean
}

/**
 * Lets a command work on the database that DATABASE_URL names, and closes it afterwards.
 *
 * @throws ConfigError, DatabaseOpenError where there is none: only the service creates it
 */
export async function withStore<T>(
  { env, root, migrations, mayBeMoved }: CommandStore,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await openStore(readExistingDatabase(env), {
    phones: createPhoneSealer(root),
    auditKeys: createAuditKeySealer(root),
    // A command counts nothing by app, and stores no avatar.
    appIds: [],
    issuer: '',
    onError: (error) => {
      throw error
    },
    migrations,
    mayBeMoved,
    lockWaitMs,
  })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/**
 * The key of a command that seals nothing: without SECRET_KEY a random one suffices, because it writes no phone number,
 * and a password hash needs no key of the service.
 */
export const commandRoot = (env: Env): RootKey =>
  hasSecretKey(env) ? createRootKey(...readSecretKeys(env)) : createRootKey(randomBytes(32))

/**
 * The key of a command that reads or seals what the service has sealed.
 *
 * @throws CommandError where it is missing: a new one would open nothing; ConfigError
 */
export function serviceRoot(env: Env): RootKey {
  if (!hasSecretKey(env))
    throw new CommandError(
      'SECRET_KEY is missing; set it to that of the service, which the database was written under',
    )
  return createRootKey(...readSecretKeys(env))
}
