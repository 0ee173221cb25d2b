import { Failure } from '@mianmi/core'

export type CursorPart = string | number

/** Where a page ended, for the client to bring back unread. It is no secret: it holds what the page showed. */
export const writeCursor = (parts: readonly CursorPart[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url')

/** @throws Failure `invalid_input` where it is none that `writeCursor` made */
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
