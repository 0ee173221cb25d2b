import { appId } from '../servers/servers.mjs'

/** The calls of the load. Each factory returns a function that creates the next call. */

const get = (path, header) =>
  `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: keep-alive\r\n${header}\r\n\r\n`

function post(path, body) {
  const text = JSON.stringify(body)
  const head = `host: 127.0.0.1\r\nconnection: keep-alive\r\ncontent-type: application/json`
  return `POST ${path} HTTP/1.1\r\n${head}\r\ncontent-length: ${text.length}\r\n\r\n${text}`
}

/** Returns the items in a scattered order; 617 and 1,000 have no common divisor, so each of 1,000 items occurs. */
function cycle(items) {
  let turn = 0
  return () => items[(turn++ * 617) % items.length]
}

const authorised = ({ accessToken }) => `authorization: Bearer ${accessToken}`

export function meByTrpc({ people }, batch = 0) {
  const path = batch === 0 ? '/trpc/me' : `/trpc/${Array(batch).fill('me')}?batch=1&input=%7B%7D`
  return cycle(
    people.map((person) => ({
      request: get(path, authorised(person)),
      expect: person.userId,
      times: batch || 1,
    })),
  )
}

export function meByPlainHttp({ people }) {
  return cycle(
    people.map((person) => ({ request: get('/me', authorised(person)), expect: person.userId })),
  )
}

/** Existing users, each time with a new code. */
export function miniLogin({ people }) {
  const pick = cycle(people.map(({ userId }, person) => ({ userId, person })))
  let created = 0
  return () => {
    const { userId, person } = pick()
    const code = `${person}.${created++}`
    return { request: post('/trpc/miniLogin', { appId, code }), expect: userId }
  }
}

/**
 * Binds with an unknown account: the service checks the password nevertheless, so that callers cannot find out which
 * accounts exist. It may also refuse with 503, because its password queue is full.
 */
export function bindUnknownAccount() {
  let created = 0
  const credential = { type: 'password', account: 'unknown', password: 'not a password' }
  return () => {
    const proof = { appId, code: `unknown${created}.${created++}` }
    const request = post('/trpc/bind', { proof, credential })
    return { request, expect: '"reason":', statuses: ['401', '503'] }
  }
}

/** The reply contains the user id twice: in the session and in the user. */
export function getSession({ betterAuth: { people } }) {
  return cycle(
    people.map(({ cookie, userId }) => ({
      request: get('/api/auth/get-session', `cookie: ${cookie}`),
      expect: userId,
      times: 2,
    })),
  )
}

export function signInByEmail({ betterAuth: { people } }) {
  return cycle(
    people.map(({ email, password, userId }) => ({
      request: post('/api/auth/sign-in/email', { email, password }),
      expect: userId,
    })),
  )
}
