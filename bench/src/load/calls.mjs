import { appId } from '../servers/servers.mjs'

/** The calls that the load makes: each factory answers a function that makes the next one. */

const get = (path, header) =>
  `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: keep-alive\r\n${header}\r\n\r\n`

function post(path, body) {
  const text = JSON.stringify(body)
  const head = `host: 127.0.0.1\r\nconnection: keep-alive\r\ncontent-type: application/json`
  return `POST ${path} HTTP/1.1\r\n${head}\r\ncontent-length: ${text.length}\r\n\r\n${text}`
}

/** One after the other, in an order that jumps about: 617 and 1,000 have no common divisor. */
function inTurn(items) {
  let turn = 0
  return () => items[(turn++ * 617) % items.length]
}

const authorised = ({ accessToken }) => `authorization: Bearer ${accessToken}`

export function meByTrpc({ people }, batch = 0) {
  const path = batch === 0 ? '/trpc/me' : `/trpc/${Array(batch).fill('me')}?batch=1&input=%7B%7D`
  return inTurn(
    people.map((person) => ({
      request: get(path, authorised(person)),
      expect: person.userId,
      times: batch || 1,
    })),
  )
}

export function meByPlainHttp({ people }) {
  return inTurn(
    people.map((person) => ({ request: get('/me', authorised(person)), expect: person.userId })),
  )
}

/** People who are known, each time with a code that was never seen. */
export function miniLogin({ people }) {
  const pick = inTurn(people.map(({ userId }, person) => ({ userId, person })))
  let made = 0
  return () => {
    const { userId, person } = pick()
    const code = `${person}.${made++}`
    return { request: post('/trpc/miniLogin', { appId, code }), expect: userId }
  }
}

/**
 * Binds with an account that nobody has: the service checks a password all the same, so that nobody learns
 * which accounts there are. It may also be too busy for that.
 */
export function bindInVain() {
  let made = 0
  const credential = { type: 'password', account: 'nobody', password: 'not a password' }
  return () => {
    const proof = { appId, code: `nobody${made}.${made++}` }
    const request = post('/trpc/bind', { proof, credential })
    return { request, expect: '"reason":', statuses: ['401', '503'] }
  }
}

/** The reply names the user twice: in the session and by itself. */
export function getSession({ betterAuth: { people } }) {
  return inTurn(
    people.map(({ cookie, userId }) => ({
      request: get('/api/auth/get-session', `cookie: ${cookie}`),
      expect: userId,
      times: 2,
    })),
  )
}

export function signInByEmail({ betterAuth: { people } }) {
  return inTurn(
    people.map(({ email, password, userId }) => ({
      request: post('/api/auth/sign-in/email', { email, password }),
      expect: userId,
    })),
  )
}
