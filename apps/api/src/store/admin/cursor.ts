import { Failure } from '@mianmi/core'

export type CursorPart = string | number

/** The position after a page, opaque to the client. It is not secret: it contains only what the page showed. */
export const writeCursor = (parts: readonly CursorPart[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url')

/** @throws Failure `invalid_input` for a text that `writeCursor` did not make */
export function readCursor(cursor: string): readonly CursorPart[] {
  const parts = parse(cursor)
  if (!Array.isArray(parts) || !parts.every(isPart))
    throw new Failure('invalid_input', { detail: 'cursor' })
  return parts
}

const isPart = (part: unknown): part is CursorPart =>
  typeof part === 'string' || Number.isSafeInteger(part)

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return null
  }
}
