import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { appId, type Stack } from '../stack.ts'

type Reply = readonly [status: number, body: object]
interface Login {
  login(input: { code?: unknown }): Promise<Reply>
  userOf(authorization: string | undefined): { id: string } | null
}

/** A backend with the functions of `login.mjs`, and one route that only a signed-in user gets. */
export async function startBackend(code: string, env: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-llms-'))
  const file = join(folder, 'login.mjs')
  writeFileSync(file, code)
  Object.assign(process.env, env)
  let serial = 0
  const load = (): Promise<Login> => import(`${pathToFileURL(file).href}?${++serial}`)
  let backend = await load()
  let logins = 0
  const answer = async (request: IncomingMessage): Promise<Reply> => {
    if (request.url === '/login') {
      logins += 1
      return backend.login(JSON.parse(await text(request)))
    }
    const user = backend.userOf(request.headers.authorization)
    return user === null ? [401, {}] : [200, { orders: [`an order of user ${user.id}`] }]
  }
  const server = createServer(async (request, response) => {
    const [status, body] = await answer(request)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    logins: () => logins,
    /** As after a restart: the maps of the sample are empty. */
    forgetTokens: async () => {
      backend = await load()
    },
  }
}

type Introspect = (token: string) => Promise<{ active: boolean; aud: string } | null>

/** The function of `introspect.mjs`, with a key that is made by the command that the file names. */
export async function startIntrospection({ cwd, url }: Stack, code: string): Promise<Introspect> {
  const program = fileURLToPath(new URL('../../../api/dist/admin.js', import.meta.url))
  const args =
    /mianmi-admin (service-key:create \S+ \S+ \S+ \S+)/m.exec(code)?.[1]?.split(' ') ?? []
  const secretKey = Buffer.alloc(32, 'secret key 9').toString('base64')
  const env = { PATH: process.env['PATH'], SECRET_KEY: secretKey }
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { cwd, env })
  const key = stdout.trimEnd().split('\n').at(-1)
  Object.assign(process.env, { MIANMI: url, APP_ID: appId, MIANMI_KEY: key })
  const file = join(cwd, 'introspect.mjs')
  writeFileSync(file, code)
  const { introspect } = await import(pathToFileURL(file).href)
  return introspect
}
