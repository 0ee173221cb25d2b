import { Failure } from '@mianmi/core'
import { readCursor, writeCursor } from '../admin/cursor.ts'

/** The place of a dead delivery in the list: newest first. */
export interface DeadPosition {
  readonly deadAt: number
  readonly seq: number
}

export const writeDeadCursor = ({ deadAt, seq }: DeadPosition): string => writeCursor([deadAt, seq])

/** @throws Failure `invalid_input` for a cursor that `writeDeadCursor` did not make */
export function readDeadCursor(cursor: string): DeadPosition {
  const [deadAt, seq, ...others] = readCursor(cursor)
  if (typeof deadAt !== 'number' || typeof seq !== 'number' || others.length > 0)
    throw new Failure('invalid_input', { detail: 'cursor' })
  return { deadAt, seq }
}

/** The place of a delivery in its order, from the id that the port has; -1, which none has, for any other text. */
export const readDeliveryId = (id: string): number => (/^\d{1,15}$/.test(id) ? Number(id) : -1)
