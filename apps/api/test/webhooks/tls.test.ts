import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AttemptResult, createSender } from '../../src/webhooks/send-attempt.ts'
import { type Certificates, makeCertificates } from '../store/postgres/certificates.ts'

const secret = `whsec_${Buffer.alloc(32, 'secret 1').toString('base64')}`
const trusted = getCACertificates('default')
let certificates: Certificates
/** The names that receivers were asked for (SNI), and whether a TLS session was resumed. */
const names: (string | false | null)[] = []
const resumed: boolean[] = []
let port = 0
const server = createServer((request, reply) => {
  const socket = request.socket as TLSSocket & { servername: string | false | null }
  names.push(socket.servername)
  resumed.push(socket.isSessionReused())
  reply.writeHead(204).end()
})

/** A resolver that finds the receiver of the test under each name. */
const sender = createSender({
  allowed: ['127.0.0.1'],
  now: () => 0,
  resolve: async () => ['127.0.0.1'],
})

function send(host: string): Promise<AttemptResult> {
  const url = `https://${host}:${port}/`
  const message = { url, id: 'evt_1', at: 0, body: '{}', secrets: [secret] }
  return sender(message, new AbortController().signal)
}

beforeAll(async () => {
  certificates = makeCertificates()
  const { certificate, key, authority } = certificates
  server.setSecureContext({ cert: readFileSync(certificate), key: readFileSync(key) })
  setDefaultCACertificates([...trusted, readFileSync(authority, 'utf8')])
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})

afterAll(() => {
  setDefaultCACertificates(trusted)
  server.close()
  certificates.remove()
})

it('the certificate of a receiver must have the name of the address, not the IP that was checked', async () => {
  expect(await send('localhost')).toMatchObject({ outcome: 'delivered' })
  expect(names.at(-1)).toBe('localhost')
  expect(await send('other.example')).toMatchObject({
    outcome: 'unreachable',
    error: 'ERR_TLS_CERT_ALTNAME_INVALID',
  })
  expect(await send('127.0.0.1')).toMatchObject({
    outcome: 'unreachable',
    error: 'ERR_TLS_CERT_ALTNAME_INVALID',
  })
})

it('each attempt has a connection of its own, which resumes the TLS session', async () => {
  await send('localhost')
  expect(await send('localhost')).toMatchObject({ outcome: 'delivered' })
  expect(resumed.at(-1)).toBe(true)
})

it('a certificate of an unknown authority is refused', async () => {
  setDefaultCACertificates(trusted)
  const fresh = createSender({ allowed: ['127.0.0.1'], now: () => 0 })
  const message = { id: 'evt_1', at: 0, body: '{}', secrets: [secret] }
  const url = `https://localhost:${port}/`
  const { signal } = new AbortController()
  expect(await fresh({ ...message, url }, signal)).toMatchObject({
    outcome: 'unreachable',
    error: expect.stringMatching(/^(UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)/),
  })
})
