import { expect, test } from 'vitest'
import { createQueue } from './queue.ts'

const never = new AbortController().signal

test('lets in as many as there is room for, then one for each that leaves', async () => {
  const queue = createQueue(2)
  const order: string[] = []
  const enter = async (name: string) => {
    const leave = await queue.enter(never)
    order.push(name)
    return leave
  }
  const [leaveA] = await Promise.all([enter('a'), enter('b')])
  const c = enter('c')
  const d = enter('d')
  expect(order).toEqual(['a', 'b'])
  leaveA()
  const leaveC = await c
  expect(order).toEqual(['a', 'b', 'c'])
  leaveC()
  await d
  expect(order).toEqual(['a', 'b', 'c', 'd'])
})

test('whoever gives up while waiting leaves no gap', async () => {
  const queue = createQueue(1)
  const leave = await queue.enter(never)
  const impatient = new AbortController()
  const givenUp = queue.enter(impatient.signal)
  const patient = queue.enter(never)
  impatient.abort(new Error('enough'))
  await expect(givenUp).rejects.toThrow('enough')
  leave()
  await expect(patient).resolves.toBeTypeOf('function')
})

test('whoever has given up before is not let in', async () => {
  const queue = createQueue(1)
  await expect(queue.enter(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  await expect(queue.enter(never)).resolves.toBeTypeOf('function')
})
