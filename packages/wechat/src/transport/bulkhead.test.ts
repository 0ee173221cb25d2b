import { expect, test } from 'vitest'
import { WechatError } from '../wechat-error.ts'
import { createBulkhead } from './bulkhead.ts'
import { createDeadline, type Deadline } from './deadline.ts'

function open(options: { limit: number; queue: number }) {
  let time = 0
  const bulkhead = createBulkhead({ ...options, maxWait: 1_500, now: () => time })
  const started: string[] = []
  const ends = new Map<string, (error?: Error) => void>()
  const run = (name: string, deadline: Deadline = createDeadline()) =>
    bulkhead
      .run(deadline, () => {
        started.push(name)
        return new Promise<string>((resolve, reject) => {
          ends.set(name, (error) => (error === undefined ? resolve(name) : reject(error)))
        })
      })
      .catch((failure: unknown) => failure)
  return {
    run,
    started,
    end: (name: string, error?: Error) => ends.get(name)?.(error),
    pass: (ms: number) => {
      time += ms
    },
  }
}

test('only so many run at once, and the others follow in their order', async () => {
  const { run, started, end } = open({ limit: 2, queue: 10 })
  const calls = ['a', 'b', 'c', 'd'].map((name) => run(name))
  expect(started).toEqual(['a', 'b'])
  end('b')
  expect(await calls[1]).toBe('b')
  await Promise.resolve()
  expect(started).toEqual(['a', 'b', 'c'])
  end('a', new Error('failed'))
  await calls[0]
  end('c')
  expect(await calls[2]).toBe('c')
  await Promise.resolve()
  end('d')
  expect(await calls[3]).toBe('d')
  expect(started).toEqual(['a', 'b', 'c', 'd'])
})

test('a place that a failure leaves is free again', async () => {
  const { run, end } = open({ limit: 1, queue: 0 })
  const first = run('a')
  end('a', new Error('failed'))
  await first
  const second = run('b')
  end('b')
  expect(await second).toBe('b')
})

test('beyond the queue a call is refused at once', async () => {
  const { run, started } = open({ limit: 1, queue: 1 })
  void run('a')
  void run('b')
  const refused = await run('c')
  expect(refused).toBeInstanceOf(WechatError)
  expect(refused).toMatchObject({ kind: 'unavailable', retryAfter: 1 })
  expect(started).toEqual(['a'])
})

test('a call whose time is up leaves the queue and its place in it', async () => {
  const { run, started, end } = open({ limit: 1, queue: 1 })
  const first = run('a')
  const patience = createDeadline()
  const second = run('b', patience)
  patience.pass()
  expect(await second).toMatchObject({ kind: 'unavailable' })
  const third = run('c')
  end('a')
  await first
  await Promise.resolve()
  end('c')
  expect(await third).toBe('c')
  expect(started).toEqual(['a', 'c'])
})

test('who waited too long is not sent any more, and the next one is', async () => {
  const { run, started, end, pass } = open({ limit: 1, queue: 2 })
  const first = run('a')
  const second = run('b')
  pass(1_501)
  const third = run('c')
  end('a')
  await first
  expect(await second).toMatchObject({ kind: 'unavailable', retryAfter: 1 })
  end('c')
  expect(await third).toBe('c')
  expect(started).toEqual(['a', 'c'])
})
