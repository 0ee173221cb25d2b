import { Failure } from '@mianmi/core'
import { readCursor, writeCursor } from '../cursor.ts'
import type { ConflictRow } from './moved-data.ts'

/** The position after a page of conflicts. */
export const writeConflictCursor = ({
  detectedAt,
  unionid,
  firstUserId,
  secondUserId,
}: ConflictRow): string => writeCursor([detectedAt, unionid, firstUserId, secondUserId])

/** @throws Failure `invalid_input` for a cursor that this store did not write */
export function readConflictCursor(cursor: string): ConflictRow {
  const [detectedAt, unionid, first, second] = readCursor(cursor)
  if (typeof detectedAt !== 'number' || [unionid, first, second].some((p) => typeof p !== 'string'))
    throw new Failure('invalid_input', { detail: 'cursor' })
  return { detectedAt, unionid: `${unionid}`, firstUserId: `${first}`, secondUserId: `${second}` }
}
