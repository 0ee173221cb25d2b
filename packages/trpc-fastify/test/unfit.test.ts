import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startPair } from './pair.ts'

/** The status of the reply to raw text: no client library would send what is sent here. */
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

const unfit = {
  'TRACE, which no Request may have': 'TRACE /trpc/hello HTTP/1.1\r\nhost: a\r\n',
  'a host with a user name': 'GET /trpc/hello HTTP/1.1\r\nhost: user:word@a\r\n',
  'a host with a space': 'GET /trpc/hello HTTP/1.1\r\nhost: a b\r\n',
  'an empty host': 'GET /trpc/hello HTTP/1.1\r\nhost:\r\n',
  'an address of five parts': 'GET /trpc/hello HTTP/1.1\r\nhost: 1.2.3.4.5\r\n',
  'a port beyond the last': 'GET /trpc/hello HTTP/1.1\r\nhost: a:99999\r\n',
}

test.each(Object.entries(unfit))(
  '%s is a bad request and no fault of ours',
  async (_name, head) => {
    const { official, ours } = await startPair({})
    try {
      const text = `${head}connection: close\r\n\r\n`
      expect(await statusOf(official.port, text)).toBe(500)
      expect(await statusOf(ours.port, text)).toBe(400)
      expect(ours.told).toEqual([])
    } finally {
      await Promise.all([official.close(), ours.close()])
    }
  },
)
