import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { signatureHeaders } from './signature.ts'

const secret = `whsec_${Buffer.alloc(32, 'secret 1').toString('base64')}`
const former = `whsec_${Buffer.alloc(32, 'secret 2').toString('base64')}`
const body = JSON.stringify({ type: 'user.created', data: { nickname: '小免' } })
const message = { id: 'evt_1', at: Date.now(), body, secrets: [secret] }

const verify = (headers: Record<string, string>, { key = secret, text = body } = {}) =>
  new Webhook(key).verify(text, headers)

it('the library of the specification verifies what is signed', () => {
  expect(verify(signatureHeaders(message))).toEqual(JSON.parse(body))
})

it('while a secret is rotated, a receiver with either of the two accepts the message', () => {
  const headers = signatureHeaders({ ...message, secrets: [secret, former] })
  expect(headers['webhook-signature'].split(' ')).toHaveLength(2)
  for (const key of [secret, former]) expect(verify(headers, { key })).toEqual(JSON.parse(body))
})

it('a receiver with another secret refuses it', () => {
  expect(() => verify(signatureHeaders(message), { key: former })).toThrow('No matching signature')
})

it.each([
  ['truncated', body.slice(0, -1)],
  ['empty', ''],
  ['altered', body.replace('user.created', 'user.deleted')],
])('a body that is %s is refused', (_what, text) => {
  expect(() => verify(signatureHeaders(message), { text })).toThrow('No matching signature')
})

it('a message of ten minutes ago is refused, also where it was valid then', () => {
  const headers = signatureHeaders({ ...message, at: Date.now() - 600_000 })
  expect(() => verify(headers)).toThrow('Message timestamp too old')
})

it.each(['webhook-id', 'webhook-timestamp'] as const)('%s is signed', (name) => {
  const headers = signatureHeaders(message)
  const other = signatureHeaders({ ...message, id: 'evt_2', at: message.at - 1_000 })
  expect(() => verify({ ...headers, [name]: other[name] })).toThrow('No matching signature')
})

it('the signature is that of the library', () => {
  const headers = signatureHeaders(message)
  const expected = new Webhook(secret).sign(message.id, new Date(message.at), body)
  expect(headers['webhook-signature']).toBe(expected)
})
