import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'
import { expect, test } from 'vitest'
import { createRequestPlaceholders } from './request-placeholders.ts'

/** Placeholders, and a socket of theirs that keeps what is written to it. */
function open() {
  const placeholders = createRequestPlaceholders()
  const written: string[] = []
  const plain = { write: (chunk: unknown) => written.push(String(chunk)) > 0 } as unknown as Socket
  let socket = plain
  const connector = placeholders.wrapConnector((_options, callback) =>
    callback(null, plain as never),
  )
  connector({} as buildConnector.Options, (_error, connected) => {
    if (connected !== null) socket = connected as Socket
  })
  return { placeholders, written, write: (chunk: string | Buffer) => socket.write(chunk) }
}

const headOf = (query: string) => `GET /path?${query} HTTP/1.1\r\nhost: a\r\n\r\n`

test('the socket writes the real query and body', () => {
  const { placeholders, written, write } = open()
  const { query, body } = placeholders.create('secret=s1', '{"code":"c1"}')
  expect(`${query}${body}`).not.toMatch(/s1|c1/)
  write(headOf(query))
  if (body !== null) write(body)
  expect(written).toEqual([headOf('secret=s1'), '{"code":"c1"}'])
})

test('each request has its own placeholders', () => {
  const { placeholders, written, write } = open()
  const [first, second] = ['a=1', 'b=2'].map((query) => placeholders.create(query, null))
  write(headOf(second?.query ?? ''))
  write(headOf(first?.query ?? ''))
  expect(written).toEqual([headOf('b=2'), headOf('a=1')])
})

test('a question mark in the query does not hide the placeholder', () => {
  const { placeholders, written, write } = open()
  const { query } = placeholders.create('a=1', null)
  write(`GET /pa?th?${query} HTTP/1.1\r\n\r\n`)
  expect(written).toEqual(['GET /pa?th?a=1 HTTP/1.1\r\n\r\n'])
})

test('a request counts as written from the first byte of its head', () => {
  const { placeholders, write } = open()
  const { query, wasWritten } = placeholders.create('a=1', null)
  expect(wasWritten()).toBe(false)
  write(headOf('other=1'))
  expect(wasWritten()).toBe(false)
  write(headOf(query))
  expect(wasWritten()).toBe(true)
})

test('a released request is forgotten', () => {
  const { placeholders, written, write } = open()
  const { query, release } = placeholders.create('secret=s1', null)
  release()
  write(headOf(query))
  expect(written).toEqual([headOf(query)])
})

test('a failed connection is passed on', () => {
  const placeholders = createRequestPlaceholders()
  const refused = new Error('refused')
  const connector = placeholders.wrapConnector((_options, callback) => callback(refused, null))
  const results: unknown[] = []
  connector({} as buildConnector.Options, (...result) => void results.push(result))
  expect(results).toEqual([[refused, null]])
})
