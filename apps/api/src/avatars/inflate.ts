import { inflate as inflateZlib } from 'node:zlib'
import type { Inflate } from '@mianmi/core'

/** Runs in libuv's threads, because a few kilobytes can unpack to megabytes. */
export const inflate: Inflate = (compressed, limit) =>
  new Promise((resolve) => {
    // Zero would be refused as an option. A result of one byte is then still too long.
    const options = { maxOutputLength: Math.max(1, limit), info: true }
    inflateZlib(compressed, options, (error, result) => {
      if (error !== null) return resolve(null)
      const { buffer, engine } = result as unknown as InflateResult
      // zlib ignores bytes behind the end of the stream.
      const isWhole = engine.bytesWritten === compressed.length && buffer.length <= limit
      resolve(isWhole ? buffer : null)
    })
  })

/** What zlib gives with the option `info`, which its types leave out. */
interface InflateResult {
  readonly buffer: Buffer
  readonly engine: { readonly bytesWritten: number }
}
