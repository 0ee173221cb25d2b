import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export type Mood = 'well' | 'slow' | 'silent' | 'garbage' | 'down' | 'cut' | 'huge' | 'http500'

/**
 * A WeChat that can be flooded: a code says by itself whom it stands for, so that a test draws as many
 * as it likes without asking. `loginCode('ming')` and `phoneCode('13800138000')` are good once each.
 */
export async function startWechat({ sessionKey = 'AAAAAAAAAAAAAAAAAAAAAA==' } = {}) {
  const asked = new Map<string, number>()
  const state = { mood: 'well' as Mood, slowMs: 10_000 }
  let drawn = 0
  const draw = (about: string) => `${about}~${++drawn}`

  const answer = (url: URL, body: string): object => {
    if (url.pathname === '/cgi-bin/stable_token') return { access_token: 'token', expires_in: 7200 }
    const isLogin = url.pathname === '/sns/jscode2session'
    const code = isLogin ? url.searchParams.get('js_code') : JSON.parse(body).code
    const times = (asked.get(code) ?? 0) + 1
    asked.set(code, times)
    const [about, number] = String(code).split('~')
    if (!number || times > 1) return { errcode: number ? 40163 : 40029, errmsg: 'no' }
    if (isLogin) return { openid: `o-${about}`, session_key: sessionKey }
    const appid = 'wx6d69616e6d690001'
    const watermark = { appid, timestamp: Math.floor(Date.now() / 1000) }
    return {
      errcode: 0,
      phone_info: {
        phoneNumber: about,
        purePhoneNumber: about,
        countryCode: '86',
        watermark,
      },
    }
  }

  const server = createServer(async (request, response) => {
    const reply = JSON.stringify(
      answer(new URL(request.url ?? '', 'http://x'), await text(request)),
    )
    misbehave(state, { request, response, reply })
  })
  // It never hangs up first: a call that meets a closing connection would be one more fault than was ordered.
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loginCode: (user: string) => draw(user),
    phoneCode: (phone: string) => draw(phone),
    /** How often each code has come here. */
    asked: asked as ReadonlyMap<string, number>,
    become: (mood: Mood, slowMs = 10_000) => Object.assign(state, { mood, slowMs }),
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

function misbehave(
  { mood, slowMs }: { mood: Mood; slowMs: number },
  call: { request: IncomingMessage; response: ServerResponse; reply: string },
): void {
  const { request, response, reply } = call
  const send = (body: string) => response.setHeader('content-type', 'text/plain').end(body)
  if (mood === 'well') send(reply)
  else if (mood === 'slow') setTimeout(() => send(reply), slowMs).unref()
  else if (mood === 'garbage') send('<html>busy</html>')
  else if (mood === 'huge') send(`${reply.slice(0, -1)},"x":"${'x'.repeat(5_000_000)}"}`)
  else if (mood === 'http500') response.writeHead(500).end('<html>')
  else if (mood === 'down') request.socket.destroy()
  else if (mood === 'cut') {
    response.writeHead(200, { 'content-length': 1_000 })
    response.write(reply, () => request.socket.destroy())
  }
}
