import { channel } from 'node:diagnostics_channel'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createDeadline } from './limits/deadline.ts'
import type * as placeholdersModule from './request-placeholders.ts'
import { createRequestSender } from './request-sender.ts'

const released = vi.hoisted(() => ({ created: 0, released: 0 }))

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
