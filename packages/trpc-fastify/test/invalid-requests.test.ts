import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startPair } from './adapter-pair.ts'

/** Sends raw text, which no client library would send, and returns the status of the reply. */
function statusOf(port: number, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let reply = ''
    const socket = connect(port, '127.0.0.1', () => socket.end(text))
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      reply += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(Number(reply.split(' ', 2)[1])))
  })
}

const invalidRequests = {
  'TRACE, which a Request cannot have': 'TRACE /trpc/hello HTTP/1.1\r\nhost: a\r\n',
  'a host with a user name': 'GET /trpc/hello HTTP/1.1\r\nhost: user:word@a\r\n',
  'a host with a space': 'GET /trpc/hello HTTP/1.1\r\nhost: a b\r\n',
  'an empty host': 'GET /trpc/hello HTTP/1.1\r\nhost:\r\n',
  'an IPv4 address of five parts': 'GET /trpc/hello HTTP/1.1\r\nhost: 1.2.3.4.5\r\n',
  'a port above 65535': 'GET /trpc/hello HTTP/1.1\r\nhost: a:99999\r\n',
}

test.each(Object.entries(invalidRequests))(
  '%s gets a 400, where the official adapter sends a 500',
  async (_name, head) => {
    const { official, direct } = await startPair({})
    try {
      const text = `${head}connection: close\r\n\r\n`
      expect(await statusOf(official.port, text)).toBe(500)
      expect(await statusOf(direct.port, text)).toBe(400)
      expect(direct.events).toEqual([])
    } finally {
      await Promise.all([official.close(), direct.close()])
    }
  },
)
