import { fileURLToPath } from 'node:url'
import { type ProgramOptions, type RunningProcess, startProgram } from '@mianmi/api/testing/process'
import { environmentUnderTest, nodesUnderTest } from './under-test/database.ts'
import { startNodes } from './under-test/nodes.ts'

const fromRoot = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** The built programs, and the line in which each prints its address. */
const programs = {
  service: { file: fromRoot('apps/api/dist/main.js'), listening: /listening at (http:[^"\s]+)/ },
  sandbox: {
    file: fromRoot('packages/wechat-sandbox/dist/main.js'),
    listening: /(http:\/\/[^"\s]+)/,
  },
  playground: { file: fromRoot('apps/playground/dist/main.js'), listening: /(http:\/\/[^"\s]+)/ },
}

/**
 * Starts a built program in `cwd`. Of the environment of this process it gets only PATH. The service sheds no load
 * unless `env` says so, however busy the machine is. With `E2E_DATABASE=postgres` the service runs on PostgreSQL, as
 * `E2E_NODES` nodes: see `testing/global-setup.ts`.
 */
export function start(program: keyof typeof programs, options: ProgramOptions): RunningProcess {
  const found = { name: program, ...programs[program] }
  if (program !== 'service') return startProgram(found, options)
  const env = environmentUnderTest(options.cwd, options.env)
  const count = env === options.env ? 1 : nodesUnderTest()
  if (count === 1) return startProgram(found, { ...options, env })
  const { PORT: port = '0' } = env
  const nodes = Array.from({ length: count }, () =>
    startProgram(found, { ...options, env: { ...env, PORT: '0' } }),
  )
  return startNodes(nodes, Number(port))
}
