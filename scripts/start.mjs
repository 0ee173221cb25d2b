import process from 'node:process'
import { ensureNode } from './node-version.mjs'
import { findPortFault } from './ports.mjs'
import { onEnd } from './signals.mjs'
import {
  createStack,
  demoVariables,
  describeAccounts,
  developmentAccounts,
  portOf,
} from './stack.mjs'
import { prepare, turbo } from './workspace.mjs'

/** The service, the WeChat sandbox and the playground, with everything prepared and nothing to configure. */

const ports = {
  service: portOf('PORT', '3000'),
  sandbox: portOf('SANDBOX_PORT', '3101'),
  playground: portOf('PLAYGROUND_PORT', '3100'),
}
const { addressOf, start, stop, answers, isStopping } = createStack(ports)

function announce(accounts) {
  console.log(`
  mianmi 免密 is running

  playground  ${addressOf('playground')}   the mini program in a browser: open this
  service     ${addressOf('service')}   tRPC under /trpc
  console     ${addressOf('service')}/admin/   for administrators
  sandbox     ${addressOf('sandbox')}   WeChat's server API on this machine

${describeAccounts(accounts)}

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

start('sandbox', { args: ['packages/wechat-sandbox/dist/main.js'] })
start('service', {
  args: ['apps/api/dist/main.js'],
  env: { WECHAT_API_URL: process.env.WECHAT_API_URL || addressOf('sandbox') },
})
await answers('service', '/readyz')
const accounts = developmentAccounts()
start('playground', {
  args: ['apps/playground/dist/main.js'],
  env: {
    SERVICE_URL: addressOf('service'),
    SANDBOX_URL: addressOf('sandbox'),
    ...demoVariables(accounts),
  },
})
await answers('sandbox', '/sandbox/limits')
await answers('playground', '/')
if (!isStopping()) announce(accounts)
