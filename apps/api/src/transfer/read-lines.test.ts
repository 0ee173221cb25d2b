import { expect, it } from 'vitest'
import { type FileLine, readLines } from './read-lines.ts'

async function linesOf(bytes: Uint8Array, chunkSize = bytes.length || 1): Promise<FileLine[]> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize)
  }
  const lines: FileLine[] = []
  for await (const line of readLines(chunks())) lines.push(line)
  return lines
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

it('a file is split alike, wherever its chunks end', async () => {
  const bytes = encode('{"a":1}\r\n\n  {"名":"马🐎"}  \n{"b":2}')
  const expected = [
    { number: 1, text: '{"a":1}' },
    { number: 3, text: '{"名":"马🐎"}' },
    { number: 4, text: '{"b":2}' },
  ]
  for (let size = 1; size <= bytes.length; size++)
    expect(await linesOf(bytes, size), `chunks of ${size}`).toEqual(expected)
})

it('an empty file, and one of empty lines, has no line', async () => {
  expect(await linesOf(encode(''))).toEqual([])
  expect(await linesOf(encode('\n\r\n \n'))).toEqual([])
})

it('a byte order mark at the start is left out', async () => {
  expect(await linesOf(encode('\ufeff{}\n{}'))).toEqual([
    { number: 1, text: '{}' },
    { number: 2, text: '{}' },
  ])
})

it('a line of 64 KiB is read, one of a byte more is not, and the next one is', async () => {
  const long = 'x'.repeat(65_536)
  for (const chunkSize of [1_000, 200_000])
    expect(await linesOf(encode(`${long}\n${long}x\nnext`), chunkSize)).toEqual([
      { number: 1, text: long },
      { number: 2, problem: 'too long' },
      { number: 3, text: 'next' },
    ])
})

it('a line of another encoding is named, and the next one is read', async () => {
  const gbk = Uint8Array.of(0xc2, 0xed, 0x0a, 0x7b, 0x7d)
  expect(await linesOf(gbk)).toEqual([
    { number: 1, problem: 'not UTF-8' },
    { number: 2, text: '{}' },
  ])
})
