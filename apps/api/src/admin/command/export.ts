import { createWriteStream } from 'node:fs'
import { link, rm } from 'node:fs/promises'
import process from 'node:process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import type { Env } from '../../config/env.ts'
import { requireNewFile } from '../../process/new-file.ts'
import { repeatedOption } from '../../process/repeated-option.ts'
import { requireKnownKey } from '../../tokens/claim-database.ts'
import { exportLines } from '../../transfer/export-users.ts'
import { CommandError } from './administrators.ts'
import { recordCommand } from './command-log.ts'
import { serviceRoot, withStore } from './command-store.ts'

interface ExportCommand {
  readonly env: Env
  readonly args: readonly string[]
  readonly migrations: string
}

/**
 * Writes all users as lines of JSON, to standard output or a new file, while the service may run. See docs/import.md.
 *
 * @returns the line to print; null where the users went to standard output
 * @throws CommandError, ConfigError, DatabaseOpenError, UnlistedKeyError
 */
export async function runExport({ env, args, migrations }: ExportCommand): Promise<string | null> {
  const { path, withPhone } = readArguments(args)
  if (path !== undefined) requireNewFile(path)
  const root = serviceRoot(env)
  const count = await withStore({ env, root, migrations }, async (store) => {
    await requireKnownKey(store.rootKeys, root)
    const action = withPhone ? 'command.exportPhones' : 'command.export'
    return recordCommand(env, store, {
      action,
      async run() {
        let lines = 0
        const counted = async function* () {
          for await (const line of exportLines(store.transfer, { withPhone })) {
            lines += 1
            yield line
          }
        }
        await write(counted(), path)
        return lines
      },
    })
  })
  return path === undefined ? null : `${count} users are in ${path}`
}

/**
 * Writes to standard output, or to a new file, which appears when it is complete: an existing one may be the only copy, and
 * one that is cut off must not be taken for an export. Others on the machine may not read it. An interrupted command leaves
 * nothing of it, because it has hashes and numbers.
 */
async function write(lines: AsyncIterable<string>, path: string | undefined): Promise<void> {
  if (path === undefined) return pipeline(Readable.from(lines), process.stdout, { end: false })
  const partial = `${path}.${process.pid}.partial`
  const file = createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true })
  const interruption = watchSignals()
  const { signal } = interruption
  try {
    await pipeline(Readable.from(lines), file, { signal })
    await link(partial, path)
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    interruption.end()
    await rm(partial, { force: true })
  }
}

/** Ctrl-C, a terminal that is closed, and `kill`. */
const signals = ['SIGINT', 'SIGHUP', 'SIGTERM'] as const

/** Aborts where the process is to end, until `end` is called. */
function watchSignals(): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const abort = (name: NodeJS.Signals): void => {
    const error = new Error(`interrupted by ${name}; no file was written`)
    controller.abort(Object.assign(error, { code: 'EINTR' }))
  }
  for (const name of signals) process.on(name, abort)
  return {
    signal: controller.signal,
    end: () => {
      for (const name of signals) process.off(name, abort)
    },
  }
}

function readArguments(args: readonly string[]) {
  try {
    const { values, tokens } = parseArgs({
      args: [...args],
      options: { to: { type: 'string' }, phones: { type: 'boolean' } },
      tokens: true,
    })
    if (values.to !== '' && repeatedOption(tokens) === null)
      return { path: values.to, withPhone: values.phones === true }
  } catch {
    // Said below.
  }
  throw new CommandError('usage: export [--phones] [--to FILE]; see --help')
}
