import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

/** `npm create mianmi` from its tarball, and both commands of the project that it makes, in an empty folder. */

const repository = join(import.meta.dirname, '../..')
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mianmi-create-')))
const tarballs = join(folder, 'tarballs')
const project = join(folder, 'my-app')
const { npm_config_package: _, ...env } = process.env
const shell = process.platform === 'win32'

async function run(command: string, args: string[], cwd = folder) {
  const options = { cwd, env: { ...env, NO_COLOR: '1' }, shell, maxBuffer: 1e8 }
  const { stdout } = await promisify(execFile)(command, args, options)
  return stdout
}

const create = (...args: string[]) => {
  const tarball = join(tarballs, 'create-mianmi-0.1.0.tgz')
  return run('npm', ['exec', '--yes', `--package=${tarball}`, '--', 'create-mianmi', ...args])
}

/** The last line of what a refused command prints. */
const refusalOf = (...args: string[]): Promise<string> =>
  create(...args).then(
    () => 'made it',
    ({ stderr }: { stderr: string }) =>
      stderr.split('\n').find((line) => line.startsWith('create-mianmi: ')) ?? stderr,
  )

beforeAll(async () => {
  mkdirSync(tarballs)
  for (const name of readdirSync(join(repository, 'packages'))) {
    const file = join(repository, 'packages', name, 'lib/package.tgz')
    const prefix = name === 'create-mianmi' ? '' : 'mianmi-'
    if (existsSync(file)) cpSync(file, join(tarballs, `${prefix}${name}-0.1.0.tgz`))
  }
  const service = join(folder, 'service')
  await run(process.execPath, [join(repository, 'deploy/collect.mjs'), service, '--npm'])
  await run('npm', ['pack', '--silent', '--pack-destination', tarballs], service)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('refuses what it cannot make, in one line, and writes nothing', async () => {
  const full = join(folder, 'full')
  mkdirSync(full)
  writeFileSync(join(full, 'mine.txt'), 'mine')
  expect(await refusalOf('full')).toBe('create-mianmi: full is not empty')
  expect(await refusalOf('My App')).toContain('small letters')
  expect(await refusalOf('my-app', '--appid', 'wx1')).toContain('16 hexadecimal digits')
  expect(await refusalOf('my-app', '--tarballs', full)).toContain('has no tarball of @mianmi/')
  expect(await refusalOf('my-app', '--colour')).toContain("Unknown option '--colour'")
  expect(await refusalOf('one', 'two')).toContain('one folder')
  expect(readdirSync(folder).sort()).toEqual(['full', 'service', 'tarballs'])
  expect(readdirSync(full)).toEqual(['mine.txt'])
})

it('makes a project with the name and the appid, without a copy of ours', async () => {
  await create('my-app', '--appid', 'wx0123456789abcdef', '--tarballs', tarballs)
  const read = (file: string) => readFileSync(join(project, file), 'utf8')
  expect(JSON.parse(read('package.json')).name).toBe('my-app')
  expect(JSON.parse(read('project.config.json'))).toMatchObject({
    appid: 'wx0123456789abcdef',
    projectname: 'my-app',
  })
  expect(read('.gitignore')).toContain('.data/')
  const files = readdirSync(project, { recursive: true, encoding: 'utf8' })
  const texts = files.filter((file) => /\.(ts|json|md|wxml)$/.test(file)).map(read)
  expect(texts.length).toBeGreaterThan(20)
  expect(texts.join('\n')).not.toMatch(/%(name|appid|version:)/)
  expect(texts.join('\n')).not.toContain(folder)
})

it('npm install and npm test pass there', { timeout: 600_000 }, async () => {
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], project)
  expect(await run('npm', ['test'], project)).toMatch(/Tests +4 passed/)
})

async function freePorts(count: number): Promise<string[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => String((server.address() as { port: number }).port))
  for (const server of servers) server.close()
  return ports
}

async function printed(child: ChildProcess, text: string): Promise<string> {
  let output = ''
  for await (const chunk of child.stdout ?? []) {
    output += chunk
    if (output.includes(text)) return output
  }
  throw new Error(`npm start has ended: ${output}`)
}

it('npm start runs everything, and SIGTERM ends all of it', { timeout: 300_000 }, async () => {
  const [MIANMI_PORT = '', SERVICE_PORT = '', SANDBOX_PORT = ''] = await freePorts(3)
  const ports = { MIANMI_PORT, SERVICE_PORT, SANDBOX_PORT }
  const child = spawn(process.execPath, ['scripts/start.ts'], {
    cwd: project,
    env: { ...env, ...ports },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await printed(child, 'Ctrl-C ends them.')
  expect((await fetch(`http://127.0.0.1:${MIANMI_PORT}/readyz`)).status).toBe(200)
  expect((await fetch(`http://127.0.0.1:${MIANMI_PORT}/admin/`)).status).toBe(200)
  expect((await fetch(`http://127.0.0.1:${SERVICE_PORT}/api/notes.list`)).status).toBe(401)
  expect(existsSync(join(project, 'dist/miniprogram/app.js'))).toBe(true)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  for (const port of Object.values(ports))
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed')
})

it('npm start names the variable of a port that is taken, and starts nothing', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const [SERVICE_PORT = '', SANDBOX_PORT = ''] = await freePorts(2)
  const refusal = (ports: Record<string, string>) =>
    promisify(execFile)(process.execPath, ['scripts/start.ts'], {
      cwd: project,
      env: { ...env, SERVICE_PORT, SANDBOX_PORT, ...ports },
    }).then(
      () => 'started',
      ({ stderr }: { stderr: string }) => stderr.trim(),
    )
  expect(await refusal({ MIANMI_PORT: String(port) })).toMatch(
    new RegExp(`^Port ${port} cannot be used \\(EADDRINUSE\\)\\. .*: MIANMI_PORT=\\d+ npm start$`),
  )
  server.close()
  expect(await refusal({ MIANMI_PORT: 'x' })).toBe('MIANMI_PORT must be a port from 1 to 65535.')
  expect(await refusal({ MIANMI_PORT: SERVICE_PORT })).toContain('are both')
})

it('an older Node is refused in one line, by create-mianmi and by the project', async () => {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '22.17.9' })`
  const refusal = (script: string, ...args: string[]) =>
    promisify(execFile)(process.execPath, ['--import', pretend, script, ...args], {
      cwd: folder,
    }).then(
      () => 'went on',
      ({ stderr }: { stderr: string }) => stderr,
    )
  const script = join(repository, 'packages/create-mianmi/lib/main.js')
  expect(await refusal(script, 'another')).toBe(
    'create-mianmi: the project needs Node 22.18 or newer, and this is 22.17.9\n',
  )
  expect(existsSync(join(folder, 'another'))).toBe(false)
  expect(await refusal(join(project, 'scripts/check-node.mjs'))).toBe(
    'Node >=22.18 is needed, and this is 22.17.9.\n',
  )
  const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
  expect([scripts.prestart, scripts.pretest]).toEqual(Array(2).fill('node scripts/check-node.mjs'))
})
