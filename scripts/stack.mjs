import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { createProcesses } from './processes.mjs'
import { root } from './workspace.mjs'

/** A process that has not answered after this many ms will not. */
const startTimeout = 120_000

/** The port of a process: from its variable, or the default. */
export const portOf = (variable, fallback) => ({
  variable,
  port: process.env[variable] || fallback,
})

/** Processes that run together at known ports; `npm start` and `npm run dev` are made of it. */
export function createStack(ports) {
  const addressOf = (name) => `http://127.0.0.1:${ports[name].port}`

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

  /** `command`: the file and the arguments of Node; its folder, where it is not the root. */
  function start(name, { args, cwd = root, env = {} }) {
    processes.start(name, {
      ...{ args, cwd },
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

  return { addressOf, start, stop, answers, isStopping: processes.isStopping }
}

/** The accounts that the first start of the service made for this working copy. */
export function developmentAccounts() {
  if (process.env.NODE_ENV === 'production') return {}
  try {
    return JSON.parse(readFileSync(join(root, '.data', 'development.json'), 'utf8'))
  } catch {
    return {}
  }
}

/** The variables by which the playground shows the demo account. */
export const demoVariables = ({ demo }) =>
  demo ? { DEMO_ACCOUNT: demo.account, DEMO_PASSWORD: demo.password } : {}

const login = ({ account, password }) => `${account} / ${password}`

/** Who can sign in, for a person at this machine. */
export function describeAccounts({ demo, operator: administrator }) {
  const code = administrator?.enrolmentCode
  return [
    ...(demo ? [`  demo account to bind to: ${login(demo)}`] : []),
    ...(administrator
      ? [
          `  administrator: ${login(administrator)}; the first sign-in enrols an authenticator app with the code ${code}`,
        ]
      : []),
  ].join('\n')
}
