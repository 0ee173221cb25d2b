import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished } from 'vitest'

const run = promisify(execFile)

export const hasMariaDb = existsSync('/usr/sbin/mariadbd')

function writeProgram(folder: string, name: string, script: string): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, name), 0o755)
}

/** Starts MariaDB on a socket in the folder, and writes a program `mysql` into `bin` that calls it. */
export async function startMariaDb(folder: string, bin: string): Promise<void> {
  const data = join(folder, 'data')
  const socket = join(folder, 'socket')
  const user = process.getuid?.() === 0 ? ['--user=root'] : []
  const common = ['--no-defaults', `--datadir=${data}`, ...user]
  mkdirSync(folder, { recursive: true })
  const install = ['--auth-root-authentication-method=normal', '--skip-test-db']
  await run('/usr/bin/mariadb-install-db', [...common, ...install])
  const network = [`--socket=${socket}`, '--skip-networking', `--pid-file=${join(folder, 'pid')}`]
  const server = spawn('/usr/sbin/mariadbd', [...common, ...network, '--local-infile=1'], {
    stdio: 'ignore',
  })
  const ended = once(server, 'close')
  onTestFinished(async () => {
    server.kill('SIGKILL')
    await ended
  })
  writeProgram(bin, 'mysql', `exec /usr/bin/mariadb --no-defaults -S ${socket} -u root "$@"`)
  const answers = () =>
    run(join(bin, 'mysql'), ['-e', 'select 1']).then(
      () => true,
      () => false,
    )
  await expect.poll(answers).toBe(true)
}

/** In the place of `mysql`: its exports are the files that MariaDB has written; everything else does nothing. */
export function replayMariaDb(bin: string, exports: readonly [string, string]): void {
  const [first, second] = exports
  const script = `case "$*" in
  *UPDATE*) touch "$0.updated" ;;
  *--batch*) if [ -e "$0.updated" ]; then cat '${second}'; else cat '${first}'; fi ;;
esac`
  writeProgram(bin, 'mysql', script)
}

/** In the place of `npm`, because the programs are built before the tests run. */
export function skipNpm(bin: string): void {
  writeProgram(bin, 'npm', 'exit 0')
}
