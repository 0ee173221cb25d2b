import process from 'node:process'
import { describeListenError, readSettings, type SandboxSettings } from './sandbox-settings.ts'
import { createSandbox } from './server/index.ts'

let settings: SandboxSettings | undefined
try {
  settings = readSettings(process.env)
  const { app } = createSandbox({ apps: settings.apps })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void app.close().then(() => process.exit(0)))
  }
  const address = await app.listen({ host: settings.host, port: settings.port })
  console.log(`sandbox WeChat: ${address}`)
} catch (error) {
  console.error(describeListenError(error, settings))
  process.exit(1)
}
