import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const script = (name: string) => join(root, 'scripts', name)

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mianmi-scripts-'))
  return () => rmSync(folder, { recursive: true })
})

/** The environment without what npx and pnpm put into it. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name !== 'npm_config_package'),
  )
}

async function runNode(node: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(node, args, { env: { ...environment(), ...env }, stdio: 'pipe' })
  const printed = [text(child.stdout), text(child.stderr)]
  const [code] = await once(child, 'close')
  const [out = '', err = ''] = await Promise.all(printed)
  return { code, out, err }
}

/** A module that imports from scripts/, started in a shell as npm does. */
function startModule(source: string): ChildProcess {
  const file = join(folder, 'module.mjs')
  writeFileSync(file, source)
  const child = spawn('sh', ['-c', `"${process.execPath}" "${file}"; true`], { stdio: 'pipe' })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

const importOf = (name: string) => JSON.stringify(pathToFileURL(script(name)).href)

/** Resolves when the line has come; the limit of the test ends the wait. */
function untilPrinted(child: ChildProcess, line: string): Promise<void> {
  return new Promise((resolve) => {
    child.stdout?.on('data', (chunk) => String(chunk).includes(line) && resolve())
  })
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('the Node of a root script', () => {
  const command = [script('run.mjs'), 'node', '-p', 'process.versions.node']

  it('on Node 20 it goes on with Node 24 and says so in one line', async () => {
    const { stdout } = await promisify(execFile)(
      'npx',
      ['--yes', '-p', 'node@20', '--', 'node', '-p', 'process.execPath'],
      { env: environment() },
    )
    const { code, out, err } = await runNode(stdout.trim(), command)
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^24\.\d+\.\d+\n$/) })
    expect(err).toMatch(/^mianmi needs Node >=22\.15 and this is 20\.\d+\.\d+: .+\n$/)
  }, 300_000)

  it('on a Node that is new enough it fetches nothing and says nothing', async () => {
    const [code, out] = [0, `${process.versions.node}\n`]
    // Without npx on the PATH nothing can be fetched.
    expect(await runNode(process.execPath, command, { PATH: '' })).toEqual({ code, out, err: '' })
  })

  it('the exit code of the command is the exit code of the script', async () => {
    const args = [script('run.mjs'), 'node', '-e', 'process.exit(7)']
    expect((await runNode(process.execPath, args)).code).toBe(7)
  })
})

describe('npm start', () => {
  it.each([
    ['PORT', 'abc', /^PORT must be a port from 1 to 65535, not "abc"\.\n$/],
    ['PLAYGROUND_PORT', '70000', /^PLAYGROUND_PORT must be a port /],
    ['SANDBOX_PORT', '3000', /^PORT and SANDBOX_PORT are both 3000; .+\n$/],
  ])('%s=%s ends it with one line before anything is prepared', async (name, value, line) => {
    const { code, out, err } = await runNode(process.execPath, [script('start.mjs')], {
      PORT: '3000',
      SANDBOX_PORT: '3101',
      PLAYGROUND_PORT: '3100',
      [name]: value,
    })
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(line)
  })

  it('where npm ends while something is fetched or installed, the script ends too', async () => {
    const shell = startModule(`
      import { run } from ${importOf('workspace.mjs')}
      console.log('started')
      await run(process.execPath, ['-e', 'console.log(process.pid); setInterval(() => {}, 1000)'])
      console.log('not reached')
    `)
    const pid = new Promise<number>((resolve) => {
      shell.stdout?.on('data', (chunk) => {
        const found = /^\d+$/m.exec(String(chunk))?.[0]
        if (found) resolve(Number(found))
      })
    })
    const child = await pid
    shell.kill('SIGKILL')
    await expect.poll(() => isAlive(child)).toBe(false)
  })

  it.each(['PORT', 'SANDBOX_PORT', 'PLAYGROUND_PORT'])(
    'where the port of %s is taken it ends with one line that names every variable for a port',
    async (name) => {
      const server = createServer().listen(0, '127.0.0.1')
      onTestFinished(() => void server.close())
      await once(server, 'listening')
      const { port } = server.address() as { port: number }
      const { code, err } = await runNode(process.execPath, [script('start.mjs')], {
        [name]: String(port),
      })
      expect(code).toBe(1)
      expect(err.trimEnd().split('\n')).toHaveLength(1)
      for (const part of ['EADDRINUSE', String(port), 'PORT', 'SANDBOX_PORT', 'PLAYGROUND_PORT'])
        expect(err).toContain(part)
    },
  )

  it('where npm is ended and cannot pass the signal on, what it started ends too', async () => {
    const shell = startModule(`
      import { onEnd } from ${importOf('signals.mjs')}
      onEnd(() => { console.log('stopped'); process.exit() })
      setInterval(() => {}, 1000)
      console.log('started')
    `)
    await untilPrinted(shell, 'started')
    const stopped = untilPrinted(shell, 'stopped')
    shell.kill('SIGKILL')
    await stopped
  })
})

describe('the processes of npm start', () => {
  const program = (name: string, source: string) => {
    const file = join(folder, `${name}.mjs`)
    writeFileSync(file, source)
    return file
  }
  const lives = 'process.on("SIGTERM", () => process.exit()); setInterval(() => {}, 1000)'

  it('one that ends by itself is reported with its last lines, and the others can be ended', async () => {
    const { createProcesses } = await import(script('processes.mjs'))
    const ended = await new Promise((resolve) => {
      const processes = createProcesses(resolve)
      onTestFinished(() => processes.stop())
      processes.start('a', { args: [program('a', lives)], env: {}, log: join(folder, 'a.log') })
      const dies = 'console.log("one"); console.error(process.env.WHY); process.exitCode = 3'
      processes.start('b', {
        args: [program('b', dies)],
        env: { WHY: 'the reason' },
        log: join(folder, 'b.log'),
      })
    })
    expect(ended).toMatchObject({
      name: 'b',
      how: 'with exit code 3',
      tail: expect.stringContaining('the reason'),
    })
    expect(readFileSync(join(folder, 'b.log'), 'utf8')).toContain('one\n')
  })

  it('a log that cannot be written is reported like an end', async () => {
    const { createProcesses } = await import(script('processes.mjs'))
    writeFileSync(join(folder, 'file'), '')
    for (const log of [join(folder, 'file', 'a.log'), folder]) {
      const ended = await new Promise((resolve) => {
        const processes = createProcesses(resolve)
        onTestFinished(() => processes.stop())
        processes.start('a', { args: [program('a', lives)], env: {}, log })
      })
      expect(ended).toMatchObject({ name: 'a', how: 'without a log' })
    }
  })

  it('after a stop no further one starts', async () => {
    const { createProcesses } = await import(script('processes.mjs'))
    const processes = createProcesses(() => {})
    const log = join(folder, 'late.log')
    await processes.stop()
    processes.start('late', { args: [program('late', lives)], env: {}, log })
    expect(existsSync(log)).toBe(false)
  })

  it('the log of the run before is kept', async () => {
    const { createProcesses } = await import(script('processes.mjs'))
    const log = join(folder, 'logs', 'a-3000.log')
    for (const word of ['first', 'second'])
      await new Promise((resolve) => {
        const file = program(word, `console.log(${JSON.stringify(word)})`)
        createProcesses(resolve).start('a', { args: [file], env: {}, log })
      })
    expect(readFileSync(join(folder, 'logs', 'a-3000.previous.log'), 'utf8')).toBe('first\n')
  })
})
