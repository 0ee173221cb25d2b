import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { commandOf, readInstructions, variablesOf } from './dockerfile.mjs'
import { answers, check, freePort } from './trial.mjs'

/**
 * Replays deploy/Dockerfile without Docker, as root on Linux: `node deploy/replay-dockerfile.mjs [--built]`. Each stage
 * is a folder, and absolute paths begin there; the base image is the Node of this machine. The result is started as the
 * user of the image, with everything read-only but the volume, against the WeChat sandbox, and signs in.
 *
 * `--built` takes what this working copy has built in place of a new copy and its build.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const isBuilt = process.argv.includes('--built')
const folder = mkdtempSync(join(tmpdir(), 'mianmi-image-'))
const image = {
  stages: new Map(),
  env: {},
  user: '0:0',
  volume: '/',
  healthcheck: [],
  entrypoint: [],
}
let stage = ''
let workdir = ''

/** Absolute paths of the image, as paths of the stage's folder. */
const inStage = (text) => text.replace(/(?<=^|[\s'"=:])\/(?=[a-z])/g, `${stage}/`)

/** As `docker build` sees the sources: what Git knows or would add; .dockerignore names the rest. */
function copyContext(target) {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\0')
  for (const file of files)
    if (file !== '' && statSync(join(root, file), { throwIfNoEntry: false }))
      cpSync(join(root, file), join(target, file))
}

const steps = {
  FROM(rest) {
    const [, , name = 'image'] = rest.split(/\s+/)
    stage = join(folder, name)
    image.stages.set(name, stage)
    mkdirSync(join(stage, 'usr/local/bin'), { recursive: true })
    cpSync(process.execPath, join(stage, 'usr/local/bin/node'))
  },
  WORKDIR(rest) {
    workdir = stage + rest
    mkdirSync(workdir, { recursive: true })
  },
  COPY(rest) {
    const [first, second, third] = rest.split(/\s+/)
    if (first === '.') {
      if (isBuilt) workdir = root
      else copyContext(workdir)
      return
    }
    const from = image.stages.get(first.replace('--from=', ''))
    cpSync(from + second, stage + third, { recursive: true })
  },
  RUN(rest) {
    if (isBuilt && rest.startsWith('npm ')) return
    const [program, ...args] = commandOf(inStage(rest))
    const env = {
      // The image's Node first, which other users than root can run.
      PATH: [join(stage, 'usr/local/bin'), dirname(process.execPath), process.env.PATH].join(
        delimiter,
      ),
      HOME: process.env.HOME,
    }
    const { status } = spawnSync(program, args, { cwd: workdir, env, stdio: 'inherit' })
    check(status === 0, `RUN ${rest.slice(0, 60)}`)
  },
  ENV(rest) {
    Object.assign(image.env, variablesOf(inStage(rest)))
  },
  USER(rest) {
    image.user = rest
  },
  VOLUME(rest) {
    image.volume = stage + rest
  },
  EXPOSE() {},
  HEALTHCHECK(rest) {
    image.healthcheck = commandOf(rest.slice(rest.indexOf('CMD ') + 4))
  },
  ENTRYPOINT(rest) {
    image.entrypoint = commandOf(inStage(rest))
  },
}

/** A command as the image runs it: its user, nothing to be written but the volume, no capability. */
function asImage([program, ...args], env) {
  const [uid, gid] = image.user.split(':')
  const node = join(stage, 'usr/local/bin', program)
  const user = ['setpriv', '--reuid', uid, '--regid', gid, '--clear-groups', '--no-new-privs']
  const script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro / && cd "$0" && exec "$@"'
  const isolated = ['--mount', 'sh', '-c', script, image.volume, ...user, node, ...args]
  return spawn('unshare', isolated, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function runAsImage(command, env) {
  const child = asImage(command, env)
  const [code] = await once(child, 'exit')
  return code
}

async function post(url, body) {
  const headers = { 'content-type': 'application/json' }
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return reply.json()
}

async function signIn(children) {
  const [sandboxPort, port] = [await freePort(), await freePort()]
  const appId = 'wx6d69616e6d690001'
  const sandbox = spawn(process.execPath, [join(root, 'packages/wechat-sandbox/dist/main.js')], {
    env: { SANDBOX_PORT: String(sandboxPort) },
    stdio: 'ignore',
  })
  children.push(sandbox)
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`
  check(await answers(`${sandboxUrl}/sandbox/limits`, sandbox), 'the sandbox answers')
  const env = {
    ...image.env,
    PORT: String(port),
    WECHAT_APPS: `${appId}:the-app-secret`,
    WECHAT_API_URL: sandboxUrl,
    SECRET_KEY: Buffer.alloc(32, 'secret key 3').toString('base64'),
    SIGN_UP: 'auto',
  }
  const service = asImage(image.entrypoint, env)
  children.push(service)
  service.stdout.resume()
  const url = `http://127.0.0.1:${port}`
  check(await answers(`${url}/readyz`, service), 'the service is ready')
  check((await fetch(`${url}/admin/`)).ok, 'the console is in the image')
  const { code } = await post(`${sandboxUrl}/sandbox/login`, { appId, user: 'ming' })
  const reply = await post(`${url}/trpc/miniLogin`, { appId, code })
  check(reply.result?.data.status === 'signedIn', 'signs in')
  check((await runAsImage(image.healthcheck, env)) === 0, 'the health check passes')
  service.kill('SIGTERM')
  const [exitCode] = await once(service, 'exit')
  check(exitCode === 0, 'SIGTERM ends the service with code 0')
  check(
    (await runAsImage(image.healthcheck, env)) === 1,
    'the health check fails without the service',
  )
}

async function checkLimits() {
  const { uid, mode } = statSync(join(image.volume, 'mianmi.db'))
  check(String(uid) === image.user.split(':')[0], 'the database belongs to the user of the image')
  check((mode & 0o077) === 0, 'no other user can read the database')
  for (const path of [join(stage, 'opt/mianmi/dist/x'), join(tmpdir(), 'mianmi-x')]) {
    const source = `try { fs.writeFileSync(${JSON.stringify(path)}, '') } catch ({ code }) { process.exit(code === 'EROFS' ? 7 : 1) }`
    check(
      (await runAsImage(['node', '-e', source], {})) === 7,
      `read-only: ${path.replace(folder, '')}`,
    )
  }
  const { uid: owner } = statSync(join(stage, 'opt/mianmi/dist/.compile-cache'))
  check(owner === 0, 'the stored compiled code, which is executed, belongs to root')
  const size = execFileSync('du', ['-sm', join(stage, 'opt/mianmi')], { encoding: 'utf8' })
  check(
    Number.parseInt(size, 10) < 25,
    `the service adds ${Number.parseInt(size, 10)} MB to the base image`,
  )
}

const children = []
try {
  chmodSync(folder, 0o755)
  for (const { name, rest } of readInstructions(
    readFileSync(join(root, 'deploy/Dockerfile'), 'utf8'),
  ))
    steps[name](rest)
  await signIn(children)
  await checkLimits()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}
