import { MoveError } from '../../move/move-error.ts'
import type { MoveTarget, Row } from '../../move/moved-table.ts'
import { type TablePlan, tablePlans } from './table-plans.ts'

/** Rows that are read back at once; fewer where a row may have an avatar. */
const rowsAtOnce = 5_000
const rowsWithBytesAtOnce = 100
/** References inside of a table that are set at once. */
const referencesAtOnce = 2_000

const quote = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')

const arrayOf = (rows: readonly string[]): string => `[${rows.join(',')}]`

export type RunStatement = <Result extends unknown[]>(
  text: string,
  values?: readonly unknown[],
) => Promise<Result[]>

/** @param client inside of a transaction that has locked the empty tables */
export function createMoveTarget(run: RunStatement): MoveTarget {
  const plans = new Map(tablePlans.map((plan) => [plan.name, plan]))
  /** Rows that refer to another row of their table. */
  const referring: string[] = []
  const planOf = (name: string): TablePlan => {
    const plan = plans.get(name)
    if (plan === undefined) throw new Error(`the table ${name} is not moved`)
    return plan
  }
  return {
    tables: tablePlans,
    async insert({ name }, rows) {
      const plan = planOf(name)
      try {
        await run(insertText(plan), [arrayOf(rows)])
      } catch (error) {
        throw refusal(name, error)
      }
      if (plan.selfReference === null) return
      // A quotation mark inside of a value is escaped, so no value contains this.
      const none = `"${plan.selfReference}":null`
      referring.push(...rows.filter((row) => !row.includes(none)))
    },
    async complete({ name }) {
      const plan = planOf(name)
      while (referring.length > 0)
        await run(referText(plan), [arrayOf(referring.splice(0, referencesAtOnce))])
      await completeTable(run, plan)
    },
    rows: ({ name }) => readRows(run, planOf(name)),
  }
}

/** PostgreSQL itself converts the JSON to the types of the table. */
function insertText({ name, columns, own, selfReference }: TablePlan): string {
  // The other row may come later. `referText` sets the reference when all are there.
  const values = columns.map((column) => (column === selfReference ? 'null' : `"${column}"`))
  return `insert into "${name}" (${quote([...columns, ...own.map(([column]) => column)])})
select ${[...values, ...own.map(([, value]) => String(value))].join(', ')}
from json_populate_recordset(null::"${name}", $1::json)`
}

function referText({ name, key, selfReference }: TablePlan): string {
  const isSame = key.map((column) => `t."${column}" = r."${column}"`).join(' and ')
  return `update "${name}" as t set "${selfReference}" = r."${selfReference}"
from json_populate_recordset(null::"${name}", $1::json) as r where ${isSame}`
}

/** What PostgreSQL does not accept and SQLite does, such as U+0000 in a text. */
function refusal(table: string, error: unknown): unknown {
  const { code, message = '' } = error as { code?: unknown; message?: string }
  // Classes 22 and 23: the values.
  if (typeof code !== 'string' || !/^2[23]/.test(code)) return error
  return new MoveError(
    `PostgreSQL refuses a row of the table ${table}: ${message.split('\n')[0]} (${code})`,
  )
}

async function completeTable(run: RunStatement, plan: TablePlan): Promise<void> {
  const { name, sequence } = plan
  if (sequence !== null)
    await run(
      `select setval(pg_get_serial_sequence($1, $2), coalesce(max("${sequence}"), 0) + 1, false) from "${name}"`,
      [`"${name}"`, sequence],
    )
  // The first calls after the move would have plans for empty tables.
  await run(`analyze "${name}"`)
}

async function* readRows(run: RunStatement, plan: TablePlan): AsyncGenerator<Row> {
  const { name, columns, key, hasBytes } = plan
  await run(
    `declare moved no scroll cursor for select ${quote(columns)} from "${name}" order by ${quote(key)}`,
  )
  for (;;) {
    const rows = await run<Row[number][]>(
      `fetch ${hasBytes ? rowsWithBytesAtOnce : rowsAtOnce} from moved`,
    )
    if (rows.length === 0) break
    yield* rows
  }
  await run('close moved')
}
