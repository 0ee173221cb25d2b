import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export type WechatMode =
  | 'healthy'
  | 'slow'
  | 'silent'
  | 'garbage'
  | 'down'
  | 'cut'
  | 'huge'
  | 'http500'

/**
 * A fake WeChat API for high load. A code contains its user or phone number, so tests create codes without a request.
 * Each result of `loginCode('ming')` and `phoneCode('13800138000')` is valid once.
 */
export async function startFakeWechat({ sessionKey = 'AAAAAAAAAAAAAAAAAAAAAA==' } = {}) {
  const callsPerCode = new Map<string, number>()
  const state = { mode: 'healthy' as WechatMode, slowMs: 10_000 }
  let issued = 0
  const issueCode = (subject: string) => `${subject}~${++issued}`

  const replyTo = (url: URL, body: string): object => {
    if (url.pathname === '/cgi-bin/stable_token') return { access_token: 'token', expires_in: 7200 }
    const isLogin = url.pathname === '/sns/jscode2session'
    const code = isLogin ? url.searchParams.get('js_code') : JSON.parse(body).code
    const times = (callsPerCode.get(code) ?? 0) + 1
    callsPerCode.set(code, times)
    const [subject, number] = String(code).split('~')
    if (!number || times > 1) return { errcode: number ? 40163 : 40029, errmsg: 'no' }
    if (isLogin) return { openid: `o-${subject}`, session_key: sessionKey }
    const appid = 'wx6d69616e6d690001'
    const watermark = { appid, timestamp: Math.floor(Date.now() / 1000) }
    return {
      errcode: 0,
      phone_info: {
        phoneNumber: subject,
        purePhoneNumber: subject,
        countryCode: '86',
        watermark,
      },
    }
  }

  const server = createServer(async (request, response) => {
    const reply = JSON.stringify(
      replyTo(new URL(request.url ?? '', 'http://x'), await text(request)),
    )
    sendReply(state, { request, response, reply })
  })
  // Never closes an idle connection: a request on a closing connection would be an additional, unintended fault.
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loginCode: (user: string) => issueCode(user),
    phoneCode: (phone: string) => issueCode(phone),
    /** The number of requests with each code. */
    callsPerCode: callsPerCode as ReadonlyMap<string, number>,
    setMode: (mode: WechatMode, slowMs = 10_000) => Object.assign(state, { mode, slowMs }),
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Sends the reply, or fails in the way that the mode says. */
function sendReply(
  { mode, slowMs }: { mode: WechatMode; slowMs: number },
  call: { request: IncomingMessage; response: ServerResponse; reply: string },
): void {
  const { request, response, reply } = call
  const send = (body: string) => response.setHeader('content-type', 'text/plain').end(body)
  if (mode === 'healthy') send(reply)
  else if (mode === 'slow') setTimeout(() => send(reply), slowMs).unref()
  else if (mode === 'garbage') send('<html>busy</html>')
  else if (mode === 'huge') send(`${reply.slice(0, -1)},"x":"${'x'.repeat(5_000_000)}"}`)
  else if (mode === 'http500') response.writeHead(500).end('<html>')
  else if (mode === 'down') request.socket.destroy()
  else if (mode === 'cut') {
    response.writeHead(200, { 'content-length': 1_000 })
    response.write(reply, () => request.socket.destroy())
  }
}
