import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { createSandbox, type SandboxOptions } from '../src/server/index.ts'

export const appId = 'wx6d69616e6d690001'
export const otherAppId = 'wx6d69616e6d690002'
export const secret = 'a-secret'

export interface RunningSandbox {
  url: string
  /** Advances the clock of the sandbox; milliseconds. */
  pass(ms: number): void
  get(path: string, query?: Record<string, string>): Promise<Body>
  post(path: string, body: unknown): Promise<Body>
  login(user: string, app?: string): Promise<string>
  phone(user: string, app?: string): Promise<string>
  session(code: string, query?: Record<string, string>): Promise<Body>
  token(): Promise<string>
}

export type Body = Record<string, unknown> & { errcode?: number; message?: string }

export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  let shift = 0
  const { app } = createSandbox({ now: () => Date.now() + shift, ...options })
  await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`

  const get: RunningSandbox['get'] = async (path, query = {}) => {
    const search = new URLSearchParams(query).toString()
    return (await fetch(`${url}${path}?${search}`)).json() as Promise<Body>
  }
  const post: RunningSandbox['post'] = async (path, body) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return (await fetch(url + path, { method: 'POST', body: text })).json() as Promise<Body>
  }
  return {
    url,
    pass: (ms) => {
      shift += ms
    },
    get,
    post,
    login: async (user, app = appId) =>
      String((await post('/sandbox/login', { appId: app, user }))['code']),
    phone: async (user, app = appId) =>
      String((await post('/sandbox/phone', { appId: app, user }))['code']),
    session: (code, query = {}) =>
      get('/sns/jscode2session', {
        appid: appId,
        secret,
        js_code: code,
        grant_type: 'authorization_code',
        ...query,
      }),
    token: async () => {
      const input = { grant_type: 'client_credential', appid: appId, secret }
      return String((await post('/cgi-bin/stable_token', input))['access_token'])
    },
  }
}
