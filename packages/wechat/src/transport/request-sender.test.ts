import { channel } from 'node:diagnostics_channel'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import type * as dispatchModule from './http-dispatch.ts'
import { createDeadline } from './limits/deadline.ts'
import type * as placeholdersModule from './request-placeholders.ts'
import { createRequestSender } from './request-sender.ts'

const released = vi.hoisted(() => ({ created: 0, released: 0 }))
const dispatchFault = vi.hoisted(() => ({ error: null as Error | null }))

vi.mock('./request-placeholders.ts', async (importOriginal) => {
  const { createRequestPlaceholders } = await importOriginal<typeof placeholdersModule>()
  return {
    createRequestPlaceholders: () => {
      const placeholders = createRequestPlaceholders()
      return {
        ...placeholders,
        create: (...content: Parameters<typeof placeholders.create>) => {
          const placeholder = placeholders.create(...content)
          released.created += 1
          const release = () => {
            released.released += 1
            placeholder.release()
          }
          return { ...placeholder, release }
        },
      }
    },
  }
})

vi.mock('./http-dispatch.ts', async (importOriginal) => {
  const { dispatchRequest } = await importOriginal<typeof dispatchModule>()
  return {
    dispatchRequest: (...input: Parameters<typeof dispatchRequest>) =>
      dispatchFault.error === null
        ? dispatchRequest(...input)
        : Promise.reject(dispatchFault.error),
  }
})

const request = { path: '/path', query: { secret: 's1' } }

function open(port: number) {
  const sender = createRequestSender({
    baseUrl: new URL(`http://127.0.0.1:${port}`),
    connectTimeout: 10_000,
    maxReplyBytes: 100,
    connections: 1,
  })
  onTestFinished(() => sender.close())
  return sender
}

async function listen(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer((_request, response) => response.end('{}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { port: (server.address() as AddressInfo).port, close }
}

/** A port on which no server listens. */
async function unusedPort(): Promise<number> {
  const { port, close } = await listen()
  await close()
  return port
}

/** Calls `listener` for each failed connection. */
function onConnectError(listener: () => void): void {
  const errors = channel('undici:client:connectError')
  errors.subscribe(listener)
  onTestFinished(() => void errors.unsubscribe(listener))
}

test('each request releases its placeholders, also when it fails', async () => {
  const { port, close } = await listen()
  const sender = open(port)
  await sender.send(request, createDeadline())
  expect(released).toEqual({ created: 1, released: 1 })
  await sender.close()
  await close()
  await expect(open(port).send(request, createDeadline())).rejects.toThrow('ECONNREFUSED')
  // The failed request was tried twice.
  expect(released).toEqual({ created: 3, released: 3 })
})

test('a request is not repeated after its deadline', async () => {
  const deadline = createDeadline()
  let tries = 0
  const sender = open(await unusedPort())
  onConnectError(() => {
    tries += 1
    deadline.expire()
  })
  await expect(sender.send(request, deadline)).rejects.toThrow('timeout')
  expect(tries).toBe(1)
})

test.each([
  ['ECONNRESET', 'ECONNRESET'],
  ['UND_ERR_SOCKET', 'UND_ERR_SOCKET'],
  ['GET /path?secret=s1', 'unknown fault'],
  ['lower', 'unknown fault'],
  [`E${'X'.repeat(48)}`, 'unknown fault'],
  [500, 'unknown fault'],
  [undefined, 'unknown fault'],
])('of an error with the code %s the message says "%s"', async (code, expected) => {
  dispatchFault.error = Object.assign(new Error('GET /path?secret=s1'), { code })
  onTestFinished(() => {
    dispatchFault.error = null
  })
  const error = await open(1)
    .send(request, createDeadline())
    .catch((cause: Error) => cause)
  expect(error).toMatchObject({ message: `WeChat gave no usable answer (${expected})` })
})
