import process from 'node:process'
import { readSettings } from './sandbox-settings.ts'
import { createSandbox } from './server/index.ts'

try {
  const { host, port, apps } = readSettings(process.env)
  const { app } = createSandbox({ apps })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void app.close().then(() => process.exit(0)))
  }
  const address = await app.listen({ host, port })
  console.log(`sandbox WeChat: ${address}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
