import type { Dispatcher } from 'undici'
import { expect, test, vi } from 'vitest'
import { dispatchRequest } from './http-dispatch.ts'
import { createDeadline, type Deadline } from './limits/deadline.ts'

const request = { path: '/', method: 'GET' as const }

/** Dispatches a request and returns undici's side of it. */
function start(deadline: Deadline = createDeadline()) {
  const handlers: Required<Dispatcher.DispatchHandler>[] = []
  const dispatcher = {
    dispatch: (_request: unknown, handler: Dispatcher.DispatchHandler) => {
      handlers.push(handler as Required<Dispatcher.DispatchHandler>)
      return true
    },
  }
  const reply = dispatchRequest(dispatcher as unknown as Dispatcher, request, deadline)
  const [handler] = handlers
  if (handler === undefined) throw new Error('nothing was dispatched')
  const abort = vi.fn()
  const controller = { abort } as unknown as Dispatcher.DispatchController
  return {
    reply,
    abort,
    begin: () => handler.onRequestStart(controller, undefined),
    head: (status: number) => handler.onResponseStart(controller, status, {}, ''),
    data: (...bytes: number[]) => handler.onResponseData(controller, Buffer.from(bytes)),
    end: () => handler.onResponseEnd(controller, {}),
    fail: (error: Error) => handler.onResponseError(controller, error),
  }
}

/** A deadline that counts its listeners. */
function countingDeadline() {
  const deadline = createDeadline()
  let count = 0
  const onExpire: Deadline['onExpire'] = (listener) => {
    const remove = deadline.onExpire(listener)
    count += 1
    return () => {
      count -= 1
      remove()
    }
  }
  return { deadline: { ...deadline, onExpire }, listenerCount: () => count }
}

test('a character whose bytes arrive in two chunks is read', async () => {
  const { reply, begin, head, data, end } = start()
  begin()
  head(200)
  data(0xe6, 0xbc)
  data(0xa2)
  end()
  expect(await reply).toEqual({ status: 200, text: '漢' })
})

test('a byte order mark is removed', async () => {
  const { reply, begin, head, data, end } = start()
  begin()
  head(200)
  data(0xef, 0xbb, 0xbf, 0x7b, 0x7d)
  end()
  expect(await reply).toEqual({ status: 200, text: '{}' })
})

test('the status is that of the final response and not of an interim one', async () => {
  const { reply, begin, head, end } = start()
  begin()
  head(103)
  head(404)
  end()
  expect(await reply).toEqual({ status: 404, text: '' })
})

test('the request is aborted when the deadline expires', async () => {
  const deadline = createDeadline()
  const { begin, abort } = start(deadline)
  begin()
  expect(abort).not.toHaveBeenCalled()
  deadline.expire()
  expect(abort).toHaveBeenCalledOnce()
})

test('a request whose deadline expired while it was connecting is aborted at its start', () => {
  const deadline = createDeadline()
  const { begin, abort } = start(deadline)
  deadline.expire()
  begin()
  expect(abort).toHaveBeenCalledOnce()
})

test('no listener of the deadline remains after a response', async () => {
  const { deadline, listenerCount } = countingDeadline()
  const { reply, begin, head, end } = start(deadline)
  begin()
  expect(listenerCount()).toBe(1)
  head(200)
  end()
  await reply
  expect(listenerCount()).toBe(0)
})

test('no listener of the deadline remains after an error', async () => {
  const { deadline, listenerCount } = countingDeadline()
  const { reply, begin, fail } = start(deadline)
  begin()
  fail(new Error('reset'))
  await expect(reply).rejects.toThrow('reset')
  expect(listenerCount()).toBe(0)
})
