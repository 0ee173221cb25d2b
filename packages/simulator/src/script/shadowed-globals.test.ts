import { expect, test } from 'vitest'
import { evaluate } from './shadowed-globals.ts'

const run = (source: string, scope: Record<string, unknown> = {}): unknown =>
  evaluate(source, 'test.js', scope)

test.each(
  `window document fetch XMLHttpRequest AbortController AbortSignal URL URLSearchParams Headers
   Request Response FormData Blob TextEncoder TextDecoder crypto localStorage sessionStorage
   navigator location globalThis global self top parent frames process Buffer WebSocket
   ReadableStream structuredClone require module exports console setTimeout eval Intl
   queueMicrotask requestAnimationFrame performance alert File indexedDB WeakRef`.split(/\s+/),
)('%s is absent, as on a phone', (name) => {
  expect(run(`return typeof ${name}`)).toBe('undefined')
})

test('the language and the scope are visible', () => {
  expect(run('return [wx, typeof Promise, typeof Proxy]', { wx: 1 })).toEqual([
    1,
    'function',
    'function',
  ])
})

test('code may declare the names of absent globals', () => {
  expect(run('var window = 1; const fetch = 2; function URL() {} return window + fetch')).toBe(3)
})

test('code is strict, and this is undefined at the top level', () => {
  expect(run('return typeof this')).toBe('undefined')
  expect(() => run('undeclared = 1')).toThrow(ReferenceError)
})

test('compiling code from text throws, and instanceof Function works', () => {
  expect(() => run("new Function('return 1')")).toThrow('cannot make code from text')
  expect(() => run("eval('1')")).toThrow(TypeError)
  expect(run('return (() => 1) instanceof Function')).toBe(true)
})
