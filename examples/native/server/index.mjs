import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import process from 'node:process'

// A backend of 60 lines: signs in through WeChat, and lists orders. The maps stand for your database.
const { WECHAT_API_URL = 'http://127.0.0.1:3101', PORT = '3000' } = process.env
const { APP_ID = 'wx6d69616e6d690001', APP_SECRET = 'secret' } = process.env
const LIFETIME = 7 * 24 * 60 * 60 * 1000
const users = new Map() // openid → user
const tokens = new Map() // access token → { user, expiresAt }
const reasons = { 40029: 'code_rejected', 40163: 'code_used', 40226: 'user_blocked' }

async function openidOf(code) {
  const query = { appid: APP_ID, secret: APP_SECRET, js_code: code }
  const search = new URLSearchParams({ ...query, grant_type: 'authorization_code' })
  const signal = AbortSignal.timeout(5000)
  const reply = await fetch(`${WECHAT_API_URL}/sns/jscode2session?${search}`, { signal })
  return JSON.parse(await reply.text()) // WeChat sends JSON as text/plain
}

async function login({ code }) {
  if (typeof code !== 'string' || code === '') return [400, { reason: 'invalid_input' }]
  const { openid, errcode } = await openidOf(code)
  if (!openid) return [errcode in reasons ? 400 : 503, { reason: reasons[errcode] }]
  if (!users.has(openid)) users.set(openid, { id: String(users.size + 1) })
  const accessToken = randomBytes(32).toString('base64url')
  const expiresAt = Date.now() + LIFETIME
  tokens.set(accessToken, { user: users.get(openid), expiresAt })
  const issued = { accessToken, accessTokenExpiresAt: expiresAt }
  return [200, { status: 'signedIn', tokens: issued, user: users.get(openid) }]
}

async function answer(request) {
  const route = `${request.method} ${request.url}`
  if (route === 'POST /login') return login(await bodyOf(request).catch(() => ({})))
  const token = request.headers.authorization?.replace(/^Bearer /, '')
  const { user, expiresAt } = tokens.get(token) ?? { expiresAt: 0 }
  if (expiresAt <= Date.now()) return [401, { reason: 'unauthenticated' }]
  if (route === 'POST /logout') return [200, { signedOut: tokens.delete(token) }]
  if (route !== 'GET /orders') return [404, {}]
  return [200, { orders: [1, 2].map((id) => ({ id, title: `用户 ${user.id} 的订单 ${id}` })) }]
}

async function bodyOf(request) {
  let text = ''
  for await (const part of request) {
    text += part
    if (text.length > 10_000) return {}
  }
  return JSON.parse(text) ?? {}
}

const server = createServer(async (request, response) => {
  const [status, body] = await answer(request).catch(() => [503, { reason: 'unavailable' }])
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
})
server.listen(Number(PORT), () => console.log(`http://127.0.0.1:${server.address().port}`))
