import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Identity } from '@mianmi/core'
import type { World } from '../world/world.ts'

/** What WeChat has told the service. */
export interface WechatFacts {
  /** The identity that was returned for a login code; null where none was. */
  identityOf(code: string): Identity | null
  /** The number that was returned for a phone code. */
  numberOf(code: string): string | null
}

export interface WechatServer extends WechatFacts {
  /** Address of the API; a node puts its name behind it. */
  readonly url: string
  stop(): void
}

/** How long the simulated WeChat is given, in world time: longer than the service waits. */
const noDeadline = { hasExpired: () => false }

/** Serves the simulated WeChat by HTTP, and keeps what it said. */
export async function startWechatServer(world: World): Promise<WechatServer> {
  const identities = new Map<string, Identity>()
  const numbers = new Map<string, string>()
  const server = createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? '', 'http://wechat')
    const [, node = '', ...rest] = url.pathname.split('/')
    const path = `/${rest.join('/')}`
    const query = Object.fromEntries(url.searchParams)
    const sent = await text(incoming).catch(() => '')
    const body = sent === '' ? {} : { body: JSON.parse(sent) as Record<string, unknown> }
    try {
      const reply = await world.wechat.send(node, { path, query, ...body }, noDeadline)
      note({ path, query, ...body }, reply.text)
      outgoing.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.text)
    } catch {
      // It is unreachable.
      incoming.socket.destroy()
    }
  })
  const note = (
    { path, query, body }: { path: string; query: Record<string, string>; body?: object },
    reply: string,
  ): void => {
    const said = parseObject(reply)
    if (path === '/sns/jscode2session' && typeof said['openid'] === 'string' && said['session_key'])
      identities.set(query['js_code'] ?? '', {
        appId: query['appid'] ?? '',
        openid: said['openid'],
        unionid: typeof said['unionid'] === 'string' ? said['unionid'] : null,
      } as Identity)
    const phone = said['phone_info'] as { purePhoneNumber?: string } | undefined
    const { code } = (body ?? {}) as { code?: string }
    if (phone?.purePhoneNumber !== undefined && code !== undefined)
      numbers.set(code, phone.purePhoneNumber)
  }
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    identityOf: (code) => identities.get(code) ?? null,
    numberOf: (code) => numbers.get(code) ?? null,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function parseObject(reply: string): Record<string, unknown> {
  try {
    const parsed = JSON.parse(reply) as unknown
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
