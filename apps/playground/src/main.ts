import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { answerArguments } from '@mianmi/wechat-sandbox/command-line'
import manifest from '../package.json' with { type: 'json' }
import { createPlayground } from './server/playground.ts'
import {
  describeListenError,
  type PlaygroundSettings,
  readSettings,
} from './server/playground-settings.ts'

const help = `The playground: the mini program in a browser. Usage: node main.js [--help] [--version]

  PLAYGROUND_HOST, PLAYGROUND_PORT   where it listens, 127.0.0.1 and 3100 by default
  SERVICE_URL, SANDBOX_URL           the service and the WeChat sandbox, http://127.0.0.1:3000 and :3101 by default

SIGTERM or SIGINT ends it.
`

/** Resolves a path relative to `dist/`, where the built file is. */
const fromDist = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

let settings: PlaygroundSettings | undefined
try {
  answerArguments({ help, version: manifest.version })
  settings = readSettings(process.env)
  const app = createPlayground(settings, {
    page: fromDist('page'),
    miniProgram: settings.miniProgram ?? fromDist('../../miniprogram/dist'),
  })
  // `on` and not `once`: a second signal must not end the process before what is in flight.
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => void app.close().then(() => process.exit(0)))
  const address = await app.listen({ host: settings.host, port: settings.port })
  console.log(`playground: ${address}`)
} catch (error) {
  console.error(`playground: ${describeListenError(error, settings)}`)
  process.exit(1)
}
