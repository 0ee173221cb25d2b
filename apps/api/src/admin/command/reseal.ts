import { type Env, readDatabasePath, readSecretKeys } from '../../config.ts'
import { type ResealResult, reseal } from '../../reseal/reseal.ts'
import { openDatabase, requireDatabase } from '../../store/index.ts'
import { createPhoneSealer } from '../../tokens/phone-sealer.ts'
import { createRootKey } from '../../tokens/root-key.ts'
import { CommandError } from './administrators.ts'

/**
 * Seals everything again under the first key of SECRET_KEY, while the service runs. Returns the last line to print.
 *
 * @throws CommandError when something was left, ConfigError, DatabaseOpenError
 */
export async function runReseal(
  env: Env,
  { migrations, print }: { migrations: string; print: (line: string) => void },
): Promise<string> {
  const root = createRootKey(...readSecretKeys(env))
  const path = readDatabasePath(env)
  requireDatabase(path)
  const database = openDatabase(path, migrations, createPhoneSealer(root))
  try {
    const result = await reseal(database, root, print)
    // Overwritten texts are still in the write-ahead log.
    await database.checkpoints.truncate()
    return describeResult(result)
  } finally {
    await database.checkpoints.idle()
    database.close()
  }
}

function describeResult(result: ResealResult): string {
  const { resealed, unreadable, sharedNumbers, isComplete } = result
  const done = `${countOf(resealed, 'row was', 'rows were')} sealed again under the first key of SECRET_KEY`
  if (isComplete) return `${done}; the other keys can be removed from it now`
  throw new CommandError([done, ...describeLeft(unreadable, sharedNumbers), keepKeys].join('; '))
}

const keepKeys = 'the other keys must stay in SECRET_KEY until this command has left nothing'

function describeLeft(
  unreadable: ResealResult['unreadable'],
  sharedNumbers: readonly string[],
): string[] {
  const tables = Object.entries(unreadable)
  const rows = tables.map(([table, count]) => `${count} of ${table}`).join(', ')
  const users = sharedNumbers.join(', ')
  if (rows === '' && users === '') return ['another process still writes under another key']
  return [
    ...(rows === '' ? [] : [`rows that no key in SECRET_KEY opens were left: ${rows}`]),
    ...(users === ''
      ? []
      : [
          `users whose phone number another user has too were left: ${users}; clear one of the two`,
        ]),
  ]
}

const countOf = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`
