import type { Page } from '../../../src/admin/index.ts'
import { Failure } from '../../../src/index.ts'

/** Where a page ended: the sort key of its last row. */
export type CursorKey = readonly (string | number)[]

/** Compares two sort keys part by part. */
export function compareKeys(a: CursorKey, b: CursorKey): number {
  for (const [index, part] of a.entries()) {
    const other = b[index]
    if (other === undefined || part === other) continue
    return part < other ? -1 : 1
  }
  return 0
}

/**
 * A page of rows that are sorted by their keys, ascending or descending.
 *
 * @throws Failure `invalid_input` where the cursor has no key of the same form as the rows
 */
export function pageOf<Row>(
  rows: readonly Row[],
  {
    cursor,
    limit,
    keyOf,
    order,
    form,
  }: {
    cursor: string | undefined
    limit: number
    keyOf: (row: Row) => CursorKey
    order: 'asc' | 'desc'
    /** The type of each part of a key. */
    form: readonly ('string' | 'number')[]
  },
): Page<Row> {
  const direction = order === 'asc' ? 1 : -1
  const after = cursor === undefined ? null : readCursor(cursor, form)
  const rest = rows
    .filter((row) => after === null || compareKeys(keyOf(row), after) * direction > 0)
    .sort((a, b) => compareKeys(keyOf(a), keyOf(b)) * direction)
  const items = rest.slice(0, limit)
  const last = rest.length > limit ? items.at(-1) : undefined
  return { items, next: last === undefined ? null : JSON.stringify(keyOf(last)) }
}

function readCursor(cursor: string, form: readonly ('string' | 'number')[]): CursorKey {
  const key = parse(cursor)
  const isKey =
    Array.isArray(key) &&
    key.length === form.length &&
    form.every((type, index) => typeof key[index] === type)
  if (!isKey) throw new Failure('invalid_input', { detail: 'cursor' })
  return key
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(cursor)
  } catch {
    return null
  }
}
