import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type CodeBlock, root } from './page-blocks.ts'

/** A free port for each one that the page names. */
export type Ports = Readonly<Record<'3000' | '3101' | '4000' | '4001', number>>

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

function isRunning(group: number): boolean {
  try {
    return process.kill(-group, 0)
  } catch {
    return false
  }
}

/** A folder that looks like a clone of this repository, in which the blocks of a page are run. */
export async function startWalk() {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-walk-'))
  const bin = join(folder, 'bin')
  for (const name of ['apps', 'packages', 'examples'])
    symlinkSync(join(root, name), join(folder, name))
  const ports: Ports = {
    3000: await freePort(),
    3101: await freePort(),
    4000: await freePort(),
    4001: await freePort(),
  }
  const groups: number[] = []
  onTestFinished(() => {
    for (const group of groups) {
      try {
        process.kill(-group, 'SIGKILL')
      } catch {
        // It has ended.
      }
    }
    rmSync(folder, { recursive: true, force: true })
  })

  const withPorts = (code: string): string =>
    code.replaceAll(/\b(3000|3101|4000|4001)\b/g, (port) => String(ports[port as keyof Ports]))

  /** Runs a shell block. What it starts in the background goes on until the test ends. */
  async function run({ code }: CodeBlock) {
    const [out, err] = [join(folder, 'stdout'), join(folder, 'stderr')]
    const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', withPorts(code)], {
      cwd: folder,
      env: {
        PATH: [bin, process.env['PATH']].join(delimiter),
        SHED_LOAD_AFTER: '600000',
      },
      stdio: ['ignore', openSync(out, 'w'), openSync(err, 'w')],
      detached: true,
    })
    const [status] = await once(child, 'exit')
    // Its number is free again, for any other process, unless something runs on in the background.
    if (child.pid !== undefined && isRunning(child.pid)) groups.push(child.pid)
    return {
      status: status as number | null,
      out: readFileSync(out, 'utf8'),
      err: readFileSync(err, 'utf8'),
    }
  }

  /** Saves a block as the file that its first line names. */
  function save({ file, code }: CodeBlock): void {
    if (file === undefined) return
    const path = join(folder, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, withPorts(code))
  }

  return { folder, bin, ports, run, save, withPorts }
}

export type Walk = Awaited<ReturnType<typeof startWalk>>
