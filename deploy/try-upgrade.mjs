import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { answers, check, freePort } from './trial.mjs'

/**
 * Tries the upgrade of docs/run.md and the way back on SQLite: `node deploy/try-upgrade.mjs OLD NEW`, two unpacked
 * folders of the service (`npm run pack:service`). One session goes through all of it: opened at the old version,
 * kept by the new one, and valid again at the old one after the backup is put back.
 */
const [oldFolder, newFolder] = process.argv.slice(2).map((path) => resolve(path))
if (newFolder === undefined) {
  console.error('usage: node deploy/try-upgrade.mjs OLD NEW')
  process.exit(2)
}
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), 'mianmi-upgrade-'))
const database = join(folder, 'mianmi.db')
const backup = join(folder, 'backup.db')
const appId = 'wx6d69616e6d690001'
const children = new Set()

/** Resolves when `path` is answered; throws where the process ends before. */
async function start(script, env, path) {
  const child = spawn(process.execPath, [script], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  children.add(child)
  const { PORT, SANDBOX_PORT } = env
  const url = `http://127.0.0.1:${PORT ?? SANDBOX_PORT}`
  if (await answers(url + path, child)) return { child, url }
  throw new Error(`${script} ended with code ${child.exitCode}`)
}

async function stop({ child }) {
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  check(code === 0, 'it stops with exit code 0')
}

async function post(url, body, token) {
  const headers = { 'content-type': 'application/json' }
  if (token) headers.authorization = `Bearer ${token}`
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const { result, error } = await reply.json()
  if (error) throw new Error(`${url}: ${error.data.reason}`)
  return result.data
}

async function userOf(url, { accessToken }) {
  const headers = { authorization: `Bearer ${accessToken}` }
  const { result } = await (await fetch(`${url}/trpc/me`, { headers })).json()
  return result?.data.user.id
}

/** The service's own command, as an administrator runs it before an upgrade. */
function makeBackup(env) {
  const script = join(oldFolder, 'dist/backup.js')
  const { status } = spawnSync(process.execPath, [script, '--to', backup], { cwd: folder, env })
  check(status === 0, 'the old version makes a backup')
}

/** The backup in place of the database, without the files that belong to the later one. */
function restore() {
  for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix, { force: true })
  renameSync(backup, database)
}

async function signIn(url, sandbox) {
  const { code } = await (
    await fetch(`${sandbox}/sandbox/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ appId, user: 'ming' }),
    })
  ).json()
  return post(`${url}/trpc/miniLogin`, { appId, code })
}

async function tryUpgrade() {
  const sandboxEnv = { SANDBOX_PORT: String(await freePort()) }
  const script = join(root, 'packages/wechat-sandbox/dist/main.js')
  const { url: sandbox } = await start(script, sandboxEnv, '/sandbox/limits')
  const env = {
    PORT: String(await freePort()),
    DATABASE_URL: `file:${database}`,
    WECHAT_APPS: `${appId}:the-app-secret`,
    WECHAT_API_URL: sandbox,
    SECRET_KEY: Buffer.alloc(32, 'secret key 4').toString('base64'),
    SIGN_UP: 'auto',
  }
  const serve = (version) => start(join(version, 'dist/main.js'), env, '/readyz')

  const old = await serve(oldFolder)
  const first = await signIn(old.url, sandbox)
  check(first.status === 'signedIn', 'the old version signs in')
  makeBackup(env)
  await stop(old)

  const upgraded = await serve(newFolder)
  check((await userOf(upgraded.url, first.tokens)) === first.user.id, 'the session goes on')
  const { refreshToken } = first.tokens
  const later = await post(`${upgraded.url}/trpc/session.refresh`, { refreshToken })
  check((await userOf(upgraded.url, later)) === first.user.id, 'it can be extended')
  check((await signIn(upgraded.url, sandbox)).user.id === first.user.id, 'a launch finds the user')
  await stop(upgraded)

  restore()
  const back = await serve(oldFolder)
  check((await userOf(back.url, first.tokens)) === first.user.id, 'the old version has the session')
  check((await signIn(back.url, sandbox)).user.id === first.user.id, 'and finds the user')
  await stop(back)
}

try {
  await tryUpgrade()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}
