import { is } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import type { MovedTable } from '../../move/moved-table.ts'
import * as admin from '../admin/schema.ts'
import * as audit from '../audit/schema.ts'
import * as main from '../schema.ts'
import * as serviceKeys from '../service-keys/schema.ts'
import * as webhooks from '../webhooks/schema.ts'

/** Tables that only PostgreSQL has, for what one process on SQLite remembers in memory. They stay empty. */
const ownTables = new Set(['codes', 'locks', 'audit_removed_subjects'])
/** Kept by triggers of the target, or of no use there. */
const derivedTables = new Set(['nickname_suffixes', 'nickname_fill'])
/** Columns that only PostgreSQL has, with their value in every moved row. */
const ownColumns: Readonly<Record<string, number>> = { part: 0 }

/** How a table is filled. */
export interface TablePlan extends MovedTable {
  /** The columns that only PostgreSQL has, with their values. */
  readonly own: readonly (readonly [string, number])[]
  /** The column that numbers the rows by a sequence. */
  readonly sequence: string | null
  /** The column that refers to another row of the same table. */
  readonly selfReference: string | null
  readonly hasBytes: boolean
  readonly refersTo: readonly string[]
}

const isOwnColumn = (name: string): boolean => Object.hasOwn(ownColumns, name)
const namesOf = (columns: readonly { readonly name: string }[]): string[] =>
  columns.map(({ name }) => name)

const allTables = [main, admin, audit, serviceKeys, webhooks]
  .flatMap((schema): unknown[] => Object.values(schema))
  .filter((value) => is(value, PgTable))

/** Every table of the schema, also those that are not moved. */
export const tableNames: readonly string[] = allTables.map((table) => getTableConfig(table).name)

/** The tables that are moved, each after those that it refers to. */
export const tablePlans: readonly TablePlan[] = sortByReference(
  allTables.map(planTable).filter(({ name }) => !ownTables.has(name) && !derivedTables.has(name)),
)

function planTable(table: PgTable): TablePlan {
  const { name, columns, primaryKeys, foreignKeys } = getTableConfig(table)
  const names = namesOf(columns)
  const key = primaryKeys[0]?.columns ?? columns.filter(({ primary }) => primary)
  const references = foreignKeys.map((foreignKey) => {
    const { columns: from, foreignTable } = foreignKey.reference()
    return { from: namesOf(from)[0] ?? '', to: getTableConfig(foreignTable).name }
  })
  return {
    name,
    columns: names.filter((column) => !isOwnColumn(column)),
    key: namesOf(key).filter((column) => !isOwnColumn(column)),
    own: names.filter(isOwnColumn).map((column) => [column, ownColumns[column] ?? 0] as const),
    sequence:
      columns.find(({ generatedIdentity }) => generatedIdentity !== undefined)?.name ?? null,
    selfReference: references.find(({ to }) => to === name)?.from ?? null,
    hasBytes: columns.some((column) => column.getSQLType() === 'bytea'),
    refersTo: references.map(({ to }) => to).filter((to) => to !== name),
  }
}

function sortByReference(plans: readonly TablePlan[]): TablePlan[] {
  const sorted = new Set<TablePlan>()
  const add = (plan: TablePlan): void => {
    for (const name of plan.refersTo) {
      const referred = plans.find((other) => other.name === name)
      if (referred !== undefined) add(referred)
    }
    sorted.add(plan)
  }
  plans.forEach(add)
  return [...sorted]
}
