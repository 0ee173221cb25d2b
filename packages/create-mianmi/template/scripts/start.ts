import { existsSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { buildMiniprogram } from './build-miniprogram.ts'
import {
  answers,
  appId,
  checkPorts,
  lastLines,
  type Running,
  start,
  startMianmi,
  startSandbox,
  stop,
} from './processes.ts'

/**
 * Starts everything for development: WeChat's server API (the sandbox), mianmi, your service, and builds the mini
 * program. With APP_SECRET in .env mianmi talks to the real WeChat, as DevTools and phones need it.
 */
if (existsSync('.env')) process.loadEnvFile('.env')
const {
  APP_SECRET,
  SANDBOX_PORT = '3101',
  MIANMI_PORT = '3000',
  SERVICE_PORT = '3200',
} = process.env
const sandboxUrl = `http://127.0.0.1:${SANDBOX_PORT}`
const mianmiUrl = `http://127.0.0.1:${MIANMI_PORT}`
const serviceUrl = `http://127.0.0.1:${SERVICE_PORT}`
const running: Running[] = []

async function end(code: number): Promise<never> {
  await Promise.all(running.splice(0).map(stop))
  process.exit(code)
}

async function run(each: Running, url: string): Promise<void> {
  running.push(each)
  await answers(each, url)
  each.child.once('exit', () => {
    if (!running.includes(each)) return
    console.error(`${each.name} has ended:\n${lastLines(each)}`)
    void end(1)
  })
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(0))
try {
  const ports = { MIANMI_PORT, SERVICE_PORT }
  await checkPorts(APP_SECRET === undefined ? { SANDBOX_PORT, ...ports } : ports)
  const apps: Record<string, string> = {
    WECHAT_APPS: `${appId}:${APP_SECRET ?? 'secret'}`,
    ISSUER: mianmiUrl,
  }
  if (APP_SECRET === undefined) {
    await run(startSandbox(SANDBOX_PORT), `${sandboxUrl}/sandbox/limits`)
    apps.WECHAT_API_URL = sandboxUrl
  }
  await run(startMianmi(MIANMI_PORT, apps), `${mianmiUrl}/readyz`)
  const env = { MIANMI_URL: mianmiUrl, PORT: SERVICE_PORT }
  await run(start('service', 'service/main.ts', env), `${serviceUrl}/api/notes.list`)
  await buildMiniprogram({ signInUrl: mianmiUrl, apiUrl: serviceUrl })
} catch (error) {
  console.error((error as Error).message)
  await end(1)
}
/** The administrator whom mianmi makes for this folder, with the code to enrol an authenticator app. */
function consoleAccount(): string {
  const { operator } = JSON.parse(readFileSync('.data/development.json', 'utf8'))
  return `${operator.account} / ${operator.password}, enrolment code ${operator.enrolmentCode}`
}

const wechat = APP_SECRET === undefined ? `${sandboxUrl} (the sandbox)` : 'the real one'
console.log(`
  mianmi        ${mianmiUrl}
  its console   ${mianmiUrl}/admin/  (${consoleAccount()})
  your service  ${serviceUrl}
  WeChat        ${wechat}
  mini program  dist/miniprogram, built; open this folder in WeChat DevTools

  Ctrl-C ends them.
`)
