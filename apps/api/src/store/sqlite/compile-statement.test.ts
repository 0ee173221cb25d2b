import Sqlite from 'better-sqlite3'
import { eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { expect, it, onTestFinished } from 'vitest'
import { compileStatement } from './compile-statement.ts'

const things = sqliteTable('things', {
  id: text().primaryKey(),
  count: integer().notNull(),
  note: text(),
})

function open() {
  const sqlite = new Sqlite(':memory:')
  onTestFinished(() => void sqlite.close())
  sqlite.exec('create table things (id text primary key, count integer not null, note text)')
  const orm = drizzle(sqlite)
  const insert = compileStatement(
    sqlite,
    orm
      .insert(things)
      .values({ id: sql.placeholder('id'), count: 1, note: sql.placeholder('note') })
      .onConflictDoUpdate({
        target: things.id,
        set: { count: sql`${things.count} + ${sql.placeholder('by')}` },
      }),
  )
  const find = compileStatement<[count: number, note: string | null]>(
    sqlite,
    orm
      .select({ count: things.count, note: things.note })
      .from(things)
      .where(eq(things.id, sql.placeholder('id'))),
  )
  return { insert, find }
}

it('binds values by name, in any order, beside the constants of the query', () => {
  const { insert, find } = open()
  expect(insert.run({ by: 5, note: 'first', id: 'a' })).toBe(1)
  expect(insert.run({ id: 'a', note: null, by: 5 })).toBe(1)
  expect(find.get({ id: 'a' })).toEqual([6, 'first'])
})

it('answers undefined where there is no row', () => {
  expect(open().find.get({ id: 'no-such-user' })).toBeUndefined()
})

it('refuses to run when a value is missing', () => {
  const { insert, find } = open()
  expect(() => insert.run({ id: 'a', by: 1 })).toThrow('note')
  expect(() => insert.run({ id: 'a', note: undefined, by: 1 })).toThrow('note')
  expect(find.get({ id: 'a' })).toBeUndefined()
})
