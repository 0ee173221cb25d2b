import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'
import type { Env } from '../../config/env.ts'
import { readAppIds } from '../../config/wechat-apps.ts'
import { readImportedHashes } from '../../passwords/imported-work.ts'
import { repeatedOption } from '../../process/repeated-option.ts'
import type { Store } from '../../store/store.ts'
import { claimDatabase, requireKnownKey } from '../../tokens/claim-database.ts'
import { createOpaqueTokens } from '../../tokens/opaque-tokens.ts'
import type { RootKey } from '../../tokens/root-key.ts'
import { createHashBudget } from '../../transfer/hash-budget.ts'
import { type ImportTotals, importUsers } from '../../transfer/import-users.ts'
import { readLines } from '../../transfer/read-lines.ts'
import { CommandError } from './administrators.ts'
import { recordCommand } from './command-log.ts'
import { serviceRoot, withStore } from './command-store.ts'
import { createProgress } from './progress.ts'

interface ImportCommand {
  readonly env: Env
  readonly args: readonly string[]
  readonly migrations: string
  readonly print: (line: string) => void
}

/**
 * Imports the users of a file of JSON lines, while the service may run. Prints a line of JSON for each line that needs
 * attention, and returns the totals. See docs/import.md.
 *
 * @throws CommandError when a line was left out, ConfigError, DatabaseOpenError, UnlistedKeyError
 */
export async function runImport({ env, args, migrations, print }: ImportCommand): Promise<string> {
  const { path, isRehearsal } = readArguments(args)
  const appIds = readAppIds(env)
  const root = serviceRoot(env)
  const file = createReadStream(path)
  // A file that cannot be read is named before anything is written.
  await once(file, 'ready').catch((error: Error) => {
    throw new CommandError(`the file cannot be read: ${error.message}`)
  })
  const totals = await withStore({ env, root, migrations }, async (store) => {
    const work = () => importInto(store, { root, appIds, file, isRehearsal, print })
    // Numbers are found by a key: under another one an owner would not be found.
    await requireKnownKey(store.rootKeys, root)
    if (isRehearsal) return work()
    await claimDatabase(store, root, store.now())
    return recordCommand(env, store, { action: 'command.import', run: work })
  })
  const summary = JSON.stringify(totals)
  if (!isComplete(totals)) {
    print(summary)
    throw new CommandError('some lines were left out; each is named above, with the reason')
  }
  return summary
}

const isComplete = ({ taken, invalid, repeated }: ImportTotals): boolean =>
  taken + invalid + repeated === 0

function readArguments(args: readonly string[]): { path: string; isRehearsal: boolean } {
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      options: { 'dry-run': { type: 'boolean' } },
      allowPositionals: true,
      tokens: true,
    })
    const [path, ...rest] = positionals
    if (path !== undefined && rest.length === 0 && repeatedOption(tokens) === null)
      return { path, isRehearsal: values['dry-run'] === true }
  } catch {
    // Said below.
  }
  throw new CommandError('usage: import FILE.jsonl [--dry-run]; see --help')
}

async function importInto(
  store: Store,
  {
    root,
    appIds,
    file,
    isRehearsal,
    print,
  }: {
    root: RootKey
    appIds: readonly string[]
    file: AsyncIterable<Uint8Array>
    isRehearsal: boolean
    print: (line: string) => void
  },
): Promise<ImportTotals> {
  const progress = createProgress(process.stderr)
  try {
    return await importUsers(
      readLines(file),
      { isRehearsal },
      {
        store: store.transfer,
        hashes: createHashBudget(await readImportedHashes(store.transfer)),
        newId: createOpaqueTokens(root).newId,
        now: store.now,
        // A number alone signs no user in for good, however long it is trusted.
        rules: { appIds, phoneTrust: 0 },
        report(line) {
          progress.clear()
          print(JSON.stringify(line))
        },
        onProgress: ({ lines, created }) => progress.show(`${lines} lines, ${created} new users`),
      },
    )
  } finally {
    progress.end()
  }
}
