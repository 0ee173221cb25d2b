import { expect, test } from 'vitest'
import { limitToLifetime } from './limit-to-lifetime.ts'

class Greeter {
  readonly #name = 'Ann'
  readonly mood = 'good'
  greet(): string {
    return `I am ${this.#name}`
  }
}

test('methods of a frozen object and of an instance keep their this', () => {
  const frozen = Object.freeze({ three: () => 3 })
  expect(limitToLifetime(frozen, {}, () => true).three()).toBe(3)
  const { greet, mood } = limitToLifetime(new Greeter(), {}, () => true)
  expect([greet(), mood]).toEqual(['I am Ann', 'good'])
})

test('an addition does not override a method of the source', () => {
  const limited = limitToLifetime<Record<string, () => number>>(
    { one: () => 1 },
    { one: () => 10, two: () => 2 },
    () => true,
  )
  expect([limited['one']?.(), limited['two']?.()]).toEqual([1, 2])
})

test('after the end of the launch methods are not called', () => {
  const calls: string[] = []
  let isAlive = true
  const limited = limitToLifetime({ call: () => calls.push('called') }, {}, () => isAlive)
  limited.call()
  isAlive = false
  expect(limited.call()).toBeInstanceOf(Promise)
  expect(calls).toEqual(['called'])
})
