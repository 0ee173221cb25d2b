import { bigint, customType } from 'drizzle-orm/pg-core'

/**
 * Text in the order of its bytes, whatever the locale of the database is: cursors, sorts in JavaScript and pages must
 * agree with the order of the index. `lower()` of such a column changes ASCII letters only, as SQLite's `nocase` does.
 */
export const text = <Value extends string = string>(name: string) =>
  customType<{ data: Value }>({ dataType: () => 'text collate "C"' })(name)

/** A time in ms since the epoch, a counter, or another whole number up to 2^53. */
export const whole = (name: string) => bigint(name, { mode: 'number' })

export const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
