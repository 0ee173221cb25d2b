#!/usr/bin/env node
import process from 'node:process'
import manifest from '../package.json' with { type: 'json' }
import { answerArguments } from './command-line.ts'
import { describeListenError, readSettings, type SandboxSettings } from './sandbox-settings.ts'
import { createSandbox } from './server/index.ts'

const help = `The WeChat sandbox: WeChat's server API on this machine. Usage: node main.js [--help] [--version],
or npx @mianmi/wechat-sandbox [--help] [--version] where it is installed from npm.

  SANDBOX_HOST, SANDBOX_PORT   where it listens, 127.0.0.1 and 3101 by default
  SANDBOX_APPS                 appid:secret[,appid:secret…]; without it every well-formed appid is accepted

SIGTERM or SIGINT ends it.
`

let settings: SandboxSettings | undefined
try {
  answerArguments({ help, version: manifest.version, prefix: 'sandbox WeChat: ' })
  settings = readSettings(process.env)
  const { app } = createSandbox({ apps: settings.apps })
  // `on` and not `once`: a second signal must not end the process before what is in flight.
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => void app.close().then(() => process.exit(0)))
  const address = await app.listen({ host: settings.host, port: settings.port })
  console.log(`sandbox WeChat: ${address}`)
} catch (error) {
  console.error(describeListenError(error, settings))
  process.exit(1)
}
