import fastify from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { adminToken, browserToken, setAdminToken, setBrowserToken } from './cookie.ts'

const tokenOf = (cookie?: string) => adminToken({ headers: cookie === undefined ? {} : { cookie } })

it.each([
  ['__Host-mianmi-operator=abc', 'abc'],
  ['theme=dark; __Host-mianmi-operator=abc; lang=zh', 'abc'],
  ['__Host-mianmi-operator=a=b', 'a=b'],
  [undefined, null],
  ['', null],
  ['theme=dark', null],
  ['__Host-mianmi-operator=', null],
  ['mianmi-operator=abc', null],
  ['x__Host-mianmi-operator=abc', null],
  ['__Host-mianmi-operator2=abc', null],
  ['__host-mianmi-operator=abc', null],
])('the cookies %j hold the token %j', (cookie, token) => {
  expect(tokenOf(cookie)).toBe(token)
})

it.each([
  '__Host-mianmi-operator=abc; __Host-mianmi-operator=def',
  '__Host-mianmi-operator=def; __Host-mianmi-operator=abc',
  '__Host-mianmi-operator=abc; __Host-mianmi-operator=abc',
  '__Host-mianmi-operator=; __Host-mianmi-operator=abc',
  '__Host-mianmi-operator=abc; theme=dark; __Host-mianmi-operator=',
])('two cookies of the name count as none: %s', (cookie) => {
  expect(tokenOf(cookie)).toBeNull()
})

it.each([
  ['token', '__Host-mianmi-operator=token; HttpOnly; Secure; SameSite=Strict; Path=/'],
  [null, '__Host-mianmi-operator=; Max-Age=0; HttpOnly; Secure; SameSite=Strict; Path=/'],
])('the token %j is set as %s', async (token, line) => {
  const app = fastify()
  onTestFinished(() => app.close())
  app.get('/', async (_request, reply) => {
    setAdminToken(reply, token)
    return null
  })
  expect((await app.inject('/')).headers['set-cookie']).toBe(line)
})

it('the cookie of a known browser is apart from that of a session', async () => {
  const cookie = '__Host-mianmi-operator=abc; __Host-mianmi-browser=def'
  expect([tokenOf(cookie), browserToken({ headers: { cookie } })]).toEqual(['abc', 'def'])
  const twice = { cookie: '__Host-mianmi-browser=a; __Host-mianmi-browser=b' }
  expect(browserToken({ headers: twice })).toBeNull()
  const app = fastify()
  onTestFinished(() => app.close())
  app.get('/', async (_request, reply) => {
    setAdminToken(reply, 'abc')
    setBrowserToken(reply, 'def')
    return null
  })
  expect((await app.inject('/')).headers['set-cookie']).toEqual([
    '__Host-mianmi-operator=abc; HttpOnly; Secure; SameSite=Strict; Path=/',
    '__Host-mianmi-browser=def; Max-Age=7776000; HttpOnly; Secure; SameSite=Strict; Path=/',
  ])
})
