import { deflateSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { inflate } from './inflate.ts'

const content = Buffer.from('pixels'.repeat(500))
const packed = deflateSync(content)

it('a stream is unpacked up to its limit', async () => {
  expect(await inflate(packed, content.length)).toEqual(content)
  expect(await inflate(packed, content.length - 1)).toBeNull()
  expect(await inflate(deflateSync(Buffer.alloc(20_000_000)), 1000)).toBeNull()
  expect(await inflate(deflateSync(Buffer.of(1)), 0)).toBeNull()
  expect(await inflate(deflateSync(Buffer.alloc(0)), 0)).toEqual(Buffer.alloc(0))
})

it('a stream that is cut off, altered or followed by something is none', async () => {
  for (let length = 0; length < packed.length; length++)
    expect(await inflate(packed.subarray(0, length), 10_000), `${length}`).toBeNull()
  expect(await inflate(Buffer.concat([packed, Buffer.of(0)]), 10_000)).toBeNull()
  expect(await inflate(packed.with(-1, (packed.at(-1) ?? 0) ^ 1), 10_000)).toBeNull()
})
