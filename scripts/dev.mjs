import { join } from 'node:path'
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
import { prepare, root } from './workspace.mjs'

/**
 * As `npm start`, from the sources: what is edited is seen without a restart by hand. Node runs the service, the sandbox
 * and the playground's server and starts them again after an edit of theirs, or of what they import; Vite serves the
 * console and the playground's page, and builds the mini program, which the playground then opens again.
 */
const ports = {
  service: portOf('PORT', '3000'),
  sandbox: portOf('SANDBOX_PORT', '3101'),
  playground: portOf('PLAYGROUND_PORT', '3100'),
  console: portOf('CONSOLE_PORT', '3103'),
  'playground server': portOf('PLAYGROUND_SERVER_PORT', '3102'),
  'mini program': portOf('MINI_PROGRAM_PORT', '3104'),
}
const { addressOf, start, stop, answers, isStopping } = createStack(ports)

const watched = (file) => [
  '--watch',
  '--watch-preserve-output',
  '--disable-warning=ExperimentalWarning',
  file,
]

/** Vite's command, of the app in whose folder it runs. */
const vite = (app, ...args) => ({
  args: [join(root, 'apps', app, 'node_modules/vite/bin/vite.js'), ...args],
  cwd: join(root, 'apps', app),
})

const serve = (app, name) =>
  vite(app, '--host', '127.0.0.1', '--port', ports[name].port, '--strictPort')

await ensureNode()
const fault = await findPortFault(ports)
if (fault !== null) {
  console.error(fault)
  process.exit(1)
}
await prepare()
onEnd(() => stop(0))
process.on('uncaughtException', (error) => {
  console.error(error.message)
  stop(1)
})

const serviceUrl = addressOf('service')
start('sandbox', { args: watched('packages/wechat-sandbox/src/main.ts') })
start('service', {
  args: watched('apps/api/src/main.ts'),
  env: { WECHAT_API_URL: process.env.WECHAT_API_URL || addressOf('sandbox') },
})
start('mini program', {
  ...vite('miniprogram', 'build', '--watch'),
  env: { MIANMI_SERVICE_URL: serviceUrl },
})
start('console', { ...serve('admin', 'console'), env: { SERVICE_URL: serviceUrl } })
await answers('service', '/readyz')
const accounts = developmentAccounts()
const playground = {
  SERVICE_URL: serviceUrl,
  SANDBOX_URL: addressOf('sandbox'),
  MIANMI_SERVICE_URL: serviceUrl,
  MINIPROGRAM_DIST: join(root, 'apps/miniprogram/dist'),
  ...demoVariables(accounts),
}
start('playground server', {
  args: watched('apps/playground/src/main.ts'),
  env: { ...playground, PLAYGROUND_PORT: ports['playground server'].port },
})
start('playground', {
  ...serve('playground', 'playground'),
  env: { PLAYGROUND_SERVER_URL: addressOf('playground server') },
})
await answers('sandbox', '/sandbox/limits')
await answers('playground server', '/config.json')
await answers('playground', '/')
await answers('console', '/admin/')
if (!isStopping())
  console.log(`
  mianmi 免密 is running from its sources

  playground  ${addressOf('playground')}   the mini program in a browser: open this
  service     ${serviceUrl}
  console     ${addressOf('console')}/admin/
  sandbox     ${addressOf('sandbox')}

${describeAccounts(accounts)}

  An edit of the contract, the service, the console, the mini program or the playground shows by itself.
  Logs are in .data/logs/. Ctrl+C stops everything.
`)
