import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, it, vi } from 'vitest'
import { trackConnections } from './drain.ts'

async function setUp() {
  const server = createServer()
  const drain = trackConnections(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = async () => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    const closed = once(socket, 'close').then(() => text)
    return { socket, closed }
  }
  /** Sends a request and answers what replies to it, once the server has it. */
  const ask = async () => {
    const { socket: caller, closed } = await client()
    caller.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    const [, response] = (await once(server, 'request')) as [unknown, ServerResponse]
    return { response, closed, caller }
  }
  return { server, drain, client, ask }
}

it('requests in flight are answered before their connections and the server close', async () => {
  const { drain, ask } = await setUp()
  const { response, closed } = await ask()
  const drained = drain(60_000)
  response.end('the whole answer')
  expect(await closed).toContain('the whole answer')
  await drained
})

it('an idle connection does not delay the end', async () => {
  const { drain, client } = await setUp()
  const { closed } = await client()
  await drain(60_000)
  expect(await closed).toBe('')
})

it('a request without an answer is cut off at the time-out', async () => {
  const { drain, ask } = await setUp()
  const { closed } = await ask()
  await drain(10)
  expect(await closed).toBe('')
})

it('a caller that disconnected before its reply is forgotten', async () => {
  const { drain, ask } = await setUp()
  const { response, caller } = await ask()
  const { socket } = response
  if (socket === null) throw new Error('the request has no socket')
  const closed = once(response, 'close')
  caller.destroy()
  await closed
  const destroy = vi.spyOn(socket, 'destroy')
  await drain(60_000)
  expect(destroy).not.toHaveBeenCalled()
})

it('a request on a busy connection is answered, with connection: close', async () => {
  const { drain, ask, server } = await setUp()
  const { response, caller, closed } = await ask()
  const drained = drain(60_000)
  const requested = once(server, 'request')
  caller.write('GET /second HTTP/1.1\r\nhost: x\r\n\r\n')
  const [, second] = (await requested) as [unknown, ServerResponse]
  response.end('the first answer')
  second.end('the second answer')
  const [first = '', last = ''] = (await closed).split('the first answer')
  expect(first).not.toMatch(/connection: close/i)
  expect(last).toMatch(/connection: close\r\n/i)
  expect(last).toMatch(/the second answer$/)
  await drained
})
