import { expect, test } from 'vitest'
import { createSemaphore } from './semaphore.ts'

const never = new AbortController().signal

test('grants as many permits as the limit, then one for each release, in order', async () => {
  const semaphore = createSemaphore(2)
  const order: string[] = []
  const acquire = async (name: string) => {
    const release = await semaphore.acquire(never)
    order.push(name)
    return release
  }
  const [releaseA] = await Promise.all([acquire('a'), acquire('b')])
  const c = acquire('c')
  const d = acquire('d')
  expect(order).toEqual(['a', 'b'])
  releaseA()
  const releaseC = await c
  expect(order).toEqual(['a', 'b', 'c'])
  releaseC()
  await d
  expect(order).toEqual(['a', 'b', 'c', 'd'])
})

test('an aborted waiter does not use up a permit', async () => {
  const semaphore = createSemaphore(1)
  const release = await semaphore.acquire(never)
  const impatient = new AbortController()
  const givenUp = semaphore.acquire(impatient.signal)
  const patient = semaphore.acquire(never)
  impatient.abort(new Error('enough'))
  await expect(givenUp).rejects.toThrow('enough')
  release()
  await expect(patient).resolves.toBeTypeOf('function')
})

test('an aborted signal gets no permit', async () => {
  const semaphore = createSemaphore(1)
  await expect(semaphore.acquire(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  await expect(semaphore.acquire(never)).resolves.toBeTypeOf('function')
})
