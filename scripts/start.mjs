import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { ensureNode } from './node-version.mjs'
import { findPortFault } from './ports.mjs'
import { createProcesses } from './processes.mjs'
import { onEnd } from './signals.mjs'
import { prepare, root, turbo } from './workspace.mjs'

/** The service, the WeChat sandbox and the playground, with everything prepared and nothing to configure. */

const ports = {
  service: { variable: 'PORT', port: process.env.PORT || '3000' },
  sandbox: { variable: 'SANDBOX_PORT', port: process.env.SANDBOX_PORT || '3101' },
  playground: { variable: 'PLAYGROUND_PORT', port: process.env.PLAYGROUND_PORT || '3100' },
}
const addressOf = (name) => `http://127.0.0.1:${ports[name].port}`

/** A process that has not answered after this many ms will not. */
const startTimeout = 30_000

/** With the port in its name, so that a second `npm start` on other ports leaves the logs of the first alone. */
const logOf = (name) => join(root, '.data', 'logs', `${name}-${ports[name].port}.log`)

const processes = createProcesses(({ name, how, tail }) => {
  console.error(`\nThe ${name} ended ${how}:\n${tail}`)
  stop(1)
})

async function stop(code) {
  await processes.stop()
  process.exit(code)
}

function start(name, file, env) {
  processes.start(name, {
    file,
    env: { [ports[name].variable]: ports[name].port, ...env },
    log: logOf(name),
  })
}

/** Resolves when the process answers, or when everything is being stopped. */
async function answers(name, path) {
  const end = Date.now() + startTimeout
  while (Date.now() < end && !processes.isStopping()) {
    const reply = await fetch(`${addressOf(name)}${path}`).catch(() => null)
    if (reply?.ok) return
    await wait(100)
  }
  if (processes.isStopping()) return
  console.error(`The ${name} does not answer at ${addressOf(name)}; its log is ${logOf(name)}.`)
  await stop(1)
}

/** The accounts that the first start of the service made for this working copy. */
function developmentAccounts() {
  if (process.env.NODE_ENV === 'production') return {}
  try {
    return JSON.parse(readFileSync(join(root, '.data', 'development.json'), 'utf8'))
  } catch {
    return {}
  }
}

const login = ({ account, password }) => `${account} / ${password}`

function announce({ demo, operator: administrator }) {
  console.log(`
  mianmi 免密 is running

  playground  ${addressOf('playground')}   the mini program in a browser: open this
  service     ${addressOf('service')}   tRPC under /trpc
  console     ${addressOf('service')}/admin/   for administrators
  sandbox     ${addressOf('sandbox')}   WeChat's server API on this machine
${demo ? `\n  demo account to bind to: ${login(demo)}` : ''}
${administrator ? `  administrator: ${login(administrator)}; the first sign-in enrols an authenticator app with the code ${administrator.enrolmentCode}\n` : ''}
  Logs are in .data/logs/. Ctrl+C stops everything.
`)
}

/** Ends this process with one line where a port cannot be used. */
async function checkPorts() {
  const fault = await findPortFault(ports)
  if (fault === null) return
  console.error(fault)
  process.exit(1)
}

await ensureNode()
// Before minutes of preparation, and again after them.
await checkPorts()
await prepare()
const built = await turbo(
  'build',
  '--filter=@mianmi/api',
  '--filter=@mianmi/wechat-sandbox',
  '--filter=@mianmi/playground',
)
if (built !== 0) process.exit(built)
await checkPorts()
onEnd(() => stop(0))
// A fault of this script must not leave the processes behind.
process.on('uncaughtException', (error) => {
  console.error(error.message)
  stop(1)
})

start('sandbox', 'packages/wechat-sandbox/dist/main.js', {})
start('service', 'apps/api/dist/main.js', {
  WECHAT_API_URL: process.env.WECHAT_API_URL || addressOf('sandbox'),
})
await answers('service', '/readyz')
const accounts = developmentAccounts()
const { demo } = accounts
start('playground', 'apps/playground/dist/main.js', {
  SERVICE_URL: addressOf('service'),
  SANDBOX_URL: addressOf('sandbox'),
  ...(demo ? { DEMO_ACCOUNT: demo.account, DEMO_PASSWORD: demo.password } : {}),
})
await answers('sandbox', '/sandbox/limits')
await answers('playground', '/')
if (!processes.isStopping()) announce(accounts)
