/** A line of a file: its text, or why it has none. */
export type FileLine =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly problem: 'too long' | 'not UTF-8' }

/** Bytes of a line. A user with all identities has a few hundred. */
const maxLineBytes = 64 * 1024
const newline = 0x0a
const byteOrderMark = 0xfeff

/**
 * Splits a stream of bytes into lines, one at a time, however large the file is. Lines end with LF or CRLF, the last one
 * also with the end of the file; empty lines are left out but counted. Bytes that are no UTF-8 are not replaced, because a
 * name would be stored in another spelling.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FileLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let number = 0
  let parts: Uint8Array[] = []
  let size = 0
  const take = (): FileLine | null => {
    number += 1
    const bytes = Buffer.concat(parts)
    const isTooLong = size > maxLineBytes
    parts = []
    size = 0
    if (isTooLong) return { number, problem: 'too long' }
    try {
      const text = decoder.decode(bytes).trim()
      const rest = number === 1 && text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text
      return rest === '' ? null : { number, text: rest }
    } catch {
      return { number, problem: 'not UTF-8' }
    }
  }
  const keep = (part: Uint8Array): void => {
    size += part.length
    // What is too long is counted, not kept.
    if (size <= maxLineBytes) parts.push(part)
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      keep(chunk.subarray(start, end))
      start = end + 1
      const line = take()
      if (line !== null) yield line
    }
    keep(chunk.subarray(start))
  }
  if (size > 0) {
    const line = take()
    if (line !== null) yield line
  }
}
