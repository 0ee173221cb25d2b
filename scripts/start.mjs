import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { prepare, root, turbo } from './workspace.mjs'

/** The service, a WeChat of one's own and the playground, with everything prepared and nothing to configure. */

const ports = {
  service: process.env.PORT || '3000',
  sandbox: process.env.SANDBOX_PORT || '3101',
  playground: process.env.PLAYGROUND_PORT || '3100',
}
const at = (port) => `http://127.0.0.1:${port}`
const addresses = {
  service: at(ports.service),
  sandbox: at(ports.sandbox),
  playground: at(ports.playground),
}
/** A start that has not answered after this many ms will not. */
const patience = 30_000

const children = new Map()
let stopping = false

function start(name, file, env) {
  const log = createWriteStream(join(root, '.data', `${name}.log`))
  const child = spawn(process.execPath, [file], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const tail = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      log.write(chunk)
      tail.push(String(chunk))
      if (tail.length > 20) tail.shift()
    })
  children.set(name, child)
  child.once('close', (code) => {
    children.delete(name)
    if (stopping) return
    console.error(`\nThe ${name} ended with exit code ${code}:\n${tail.join('')}`)
    stop(1)
  })
}

async function answers(name, path) {
  const end = Date.now() + patience
  while (Date.now() < end && !stopping) {
    const reply = await fetch(`${addresses[name]}${path}`).catch(() => null)
    if (reply?.ok) return
    await wait(100)
  }
  if (stopping) return
  console.error(`The ${name} does not answer at ${addresses[name]}.`)
  await stop(1)
}

async function stop(code) {
  if (stopping) return
  stopping = true
  const ended = [...children.values()].map(
    (child) => new Promise((done) => child.once('close', done)),
  )
  for (const child of children.values()) child.kill('SIGTERM')
  await Promise.all(ended)
  process.exit(code)
}

/** What the first start of the service made for this working copy. */
function development() {
  try {
    return JSON.parse(readFileSync(join(root, '.data', 'development.json'), 'utf8'))
  } catch {
    return {}
  }
}

const login = ({ account, password }) => `${account} / ${password}`

function announce({ demo, operator }) {
  console.log(`
  mianmi 免密 is running

  playground  ${addresses.playground}   the mini program in a browser: open this
  service     ${addresses.service}   tRPC under /trpc
  console     ${addresses.service}/admin/   for operators
  sandbox     ${addresses.sandbox}   a WeChat of your own
${demo ? `\n  demo account to bind to: ${login(demo)}` : ''}
${operator ? `  operator of the console: ${login(operator)}; the first sign-in enrols an authenticator app\n` : ''}
  Logs are in .data/*.log. Ctrl+C stops everything.
`)
}

await prepare()
const built = await turbo(
  'build',
  '--filter=@mianmi/api',
  '--filter=@mianmi/wechat-sandbox',
  '--filter=@mianmi/playground',
)
if (built !== 0) process.exit(built)
mkdirSync(join(root, '.data'), { recursive: true })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stop(0))

start('sandbox', 'packages/wechat-sandbox/dist/main.js', { SANDBOX_PORT: ports.sandbox })
start('service', 'apps/api/dist/main.js', {
  PORT: ports.service,
  WECHAT_API_URL: process.env.WECHAT_API_URL || addresses.sandbox,
})
await answers('service', '/readyz')
const made = process.env.NODE_ENV === 'production' ? {} : development()
const { demo } = made
start('playground', 'apps/playground/dist/main.js', {
  PLAYGROUND_PORT: ports.playground,
  SERVICE_URL: addresses.service,
  SANDBOX_URL: addresses.sandbox,
  ...(demo ? { DEMO_ACCOUNT: demo.account, DEMO_PASSWORD: demo.password } : {}),
})
await answers('playground', '/')
if (!stopping) announce(made)
