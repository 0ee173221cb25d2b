import { expect, test } from 'vitest'
import { WechatError } from '../../wechat-error.ts'
import { createBulkhead } from './bulkhead.ts'
import { createDeadline, type Deadline } from './deadline.ts'

function open(options: { maxConcurrent: number; maxQueued: number }) {
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
      .catch((error: unknown) => error)
  return {
    run,
    started,
    end: (name: string, error?: Error) => ends.get(name)?.(error),
    advance: (ms: number) => {
      time += ms
    },
  }
}

test('at most maxConcurrent calls run at once, and the others follow in order', async () => {
  const { run, started, end } = open({ maxConcurrent: 2, maxQueued: 10 })
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

test('a failed call frees its slot', async () => {
  const { run, end } = open({ maxConcurrent: 1, maxQueued: 0 })
  const first = run('a')
  end('a', new Error('failed'))
  await first
  const second = run('b')
  end('b')
  expect(await second).toBe('b')
})

test('a call is refused at once when the queue is full', async () => {
  const { run, started } = open({ maxConcurrent: 1, maxQueued: 1 })
  void run('a')
  void run('b')
  const refused = await run('c')
  expect(refused).toBeInstanceOf(WechatError)
  expect(refused).toMatchObject({ kind: 'unavailable', retryAfter: 1 })
  expect(started).toEqual(['a'])
})

test('a call whose deadline expires leaves the queue', async () => {
  const { run, started, end } = open({ maxConcurrent: 1, maxQueued: 1 })
  const first = run('a')
  const deadline = createDeadline()
  const second = run('b', deadline)
  deadline.expire()
  expect(await second).toMatchObject({ kind: 'unavailable' })
  const third = run('c')
  end('a')
  await first
  await Promise.resolve()
  end('c')
  expect(await third).toBe('c')
  expect(started).toEqual(['a', 'c'])
})

test('a call that waited longer than maxWait is refused, and the next one runs', async () => {
  const { run, started, end, advance } = open({ maxConcurrent: 1, maxQueued: 2 })
  const first = run('a')
  const second = run('b')
  advance(1_501)
  const third = run('c')
  end('a')
  await first
  expect(await second).toMatchObject({ kind: 'unavailable', retryAfter: 1 })
  end('c')
  expect(await third).toBe('c')
  expect(started).toEqual(['a', 'c'])
})

test('a call that waited exactly maxWait runs', async () => {
  const { run, started, end, advance } = open({ maxConcurrent: 1, maxQueued: 1 })
  const first = run('a')
  const second = run('b')
  advance(1_500)
  end('a')
  await first
  await Promise.resolve()
  end('b')
  expect(await second).toBe('b')
  expect(started).toEqual(['a', 'b'])
})

test('a call that has started leaves no listener at its deadline', async () => {
  const deadline = createDeadline()
  let listeners = 0
  const onExpire: Deadline['onExpire'] = (listener) => {
    const remove = deadline.onExpire(listener)
    listeners += 1
    return () => {
      listeners -= 1
      remove()
    }
  }
  const { run, end } = open({ maxConcurrent: 1, maxQueued: 1 })
  const first = run('a')
  const second = run('b', { ...deadline, onExpire })
  expect(listeners).toBe(1)
  end('a')
  await first
  await Promise.resolve()
  end('b')
  await second
  expect(listeners).toBe(0)
})
