import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { createPlayground } from './server/playground.ts'
import {
  describeListenError,
  type PlaygroundSettings,
  readSettings,
} from './server/playground-settings.ts'

/** Resolves a path relative to `dist/`, where the built file is. */
const fromDist = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

let settings: PlaygroundSettings | undefined
try {
  settings = readSettings(process.env)
  const app = createPlayground(settings, {
    page: fromDist('page'),
    miniProgram: settings.miniProgram ?? fromDist('../../miniprogram/dist'),
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void app.close().then(() => process.exit(0)))
  }
  const address = await app.listen({ host: settings.host, port: settings.port })
  console.log(`playground: ${address}`)
} catch (error) {
  console.error(`playground: ${describeListenError(error, settings)}`)
  process.exit(1)
}
