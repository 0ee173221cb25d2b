import { createHash } from 'node:crypto'
import type { Row, Value } from './moved-table.ts'

/** PostgreSQL reads this form of a `bytea`. */
const encodeValue = (value: Value | undefined): string | number | null =>
  value instanceof Uint8Array ? `\\x${value.toString('hex')}` : (value ?? null)

/** A row as a JSON object by column name. */
export function encodeRow(columns: readonly string[], row: Row): string {
  return JSON.stringify(
    Object.fromEntries(columns.map((name, index) => [name, encodeValue(row[index])])),
  )
}

/** How many rows a table has, and a checksum over them in their order. */
export interface TableDigest {
  readonly count: number
  readonly checksum: string
}

/** Sums up encoded rows. */
export function createRowDigest() {
  const hash = createHash('sha256')
  let count = 0
  return {
    add(encoded: string): void {
      hash.update(encoded)
      hash.update('\n')
      count += 1
    },
    end: (): TableDigest => ({ count, checksum: hash.digest('hex') }),
  }
}
