import { Failure } from '@mianmi/core'
import type { Env } from '../../config/env.ts'
import { type ResealResult, reseal } from '../../reseal/reseal.ts'
import { CommandError } from './administrators.ts'
import { recordCommand } from './command-log.ts'
import { serviceRoot, withStore } from './command-store.ts'

/**
 * Seals everything again under the first key of SECRET_KEY, while the service runs. Returns the last line to print.
 *
 * @throws CommandError when something was left, ConfigError, DatabaseOpenError
 */
export async function runReseal(
  env: Env,
  args: readonly string[],
  { migrations, print }: { migrations: string; print: (line: string) => void },
): Promise<string> {
  const [flag, ...rest] = args
  const discard = flag === '--discard-unreadable'
  if (rest.length > 0 || (flag !== undefined && !discard))
    throw new CommandError('usage: reseal [--discard-unreadable]; see --help')
  const root = serviceRoot(env)
  return withStore({ env, root, migrations }, async (store) => {
    try {
      return await recordCommand(discard ? {} : env, store, {
        action: 'command.reseal',
        run: async () => describeResult(await reseal(store, root, { report: print, discard })),
      })
    } catch (error) {
      if (error instanceof Failure && error.reason === 'overloaded')
        throw new CommandError('another process holds the database; run reseal again later')
      throw error
    } finally {
      await store.sealedRows.erase()
    }
  })
}

function describeResult(result: ResealResult): string {
  const { resealed, unreadable, discarded, sharedNumbers, isComplete } = result
  const lost = listCounts(discarded)
  const done =
    `${countOf(resealed, 'row was', 'rows were')} sealed again under the first key of SECRET_KEY` +
    (lost === '' ? '' : `; sealed data of a lost key was discarded: ${lost}`)
  if (isComplete) return `${done}; the other keys can be removed from it now`
  throw new CommandError([done, ...describeLeft(unreadable, sharedNumbers), keepKeys].join('; '))
}

const keepKeys = 'the other keys must stay in SECRET_KEY until this command has left nothing'

function describeLeft(
  unreadable: ResealResult['unreadable'],
  sharedNumbers: readonly string[],
): string[] {
  const rows = listCounts(unreadable)
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

const listCounts = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([table, count]) => `${count} of ${table}`)
    .join(', ')

const countOf = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`
