import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { createPlayground } from './server/playground.ts'
import { readSettings } from './server/playground-settings.ts'

/** From `dist/`, where this file runs. */
const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

try {
  const settings = readSettings(process.env)
  const app = createPlayground(settings, {
    page: beside('page'),
    miniProgram: settings.miniProgram ?? beside('../../miniprogram/dist'),
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void app.close().then(() => process.exit(0)))
  }
  const address = await app.listen({ host: settings.host, port: settings.port })
  console.log(`playground: ${address}`)
} catch (error) {
  console.error(`playground: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
