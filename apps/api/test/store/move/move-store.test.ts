import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import { moveStore } from '../../../src/store/open-store.ts'
import { moveInto } from '../../../src/store/postgres/move/move-into.ts'
import { openMoveSource } from '../../../src/store/sqlite/move/open-move-source.ts'
import { emptyDatabase } from '../../../testing/postgres/empty-database.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { openTestDatabase } from '../../database.ts'
import { fillTables, tables } from './fill-tables.ts'

const migrations = fileURLToPath(new URL('../../../migrations', import.meta.url))

/** Rows as text, sorted by this test itself. */
const sorted = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row)).sort()

describePostgres('a move from SQLite to PostgreSQL', () => {
  let url: string
  let client: pg.Client
  beforeAll(async () => {
    url = await createTestDatabase()
  })
  beforeEach(async () => {
    client = new pg.Client({ connectionString: url })
    await client.connect()
    await emptyDatabase(client)
    onTestFinished(() => client.end())
  })

  const setUp = (change = '') => {
    const { database, path } = openTestDatabase()
    fillTables(database.sqlite)
    database.sqlite.exec(change)
    return { database, path, from: `file:${path}` }
  }
  /** Moves while no connection of this process has the file open. */
  const move = async ({ database, from }: ReturnType<typeof setUp>, to = url) => {
    database.close()
    return moveStore(from, to, { migrations, onProgress: () => {} })
  }
  const rowsOf = async (table: string): Promise<Record<string, unknown>[]> =>
    (await client.query(`select * from "${table}"`)).rows
  const countAll = async (): Promise<number> => {
    let count = 0
    for (const { name } of tables) count += (await rowsOf(name)).length
    return count
  }

  it('copies every row of every table', async () => {
    const source = setUp()
    const before = new Map(
      tables.map(({ name }) => [
        name,
        source.database.sqlite.prepare<[], object>(`select * from "${name}"`).all(),
      ]),
    )
    for (const [table, rows] of before) expect([table, rows.length]).toEqual([table, 6])
    const moved = await move(source)
    expect(moved.map(({ table, count }) => [table, count]).sort()).toEqual(
      [...before.keys()].map((name) => [name, 6]).sort(),
    )
    for (const { name, columns } of tables) {
      const inOrder = (rows: readonly Record<string, unknown>[]) =>
        rows.map((row) =>
          columns.map((column) => {
            const value = row[column.name]
            return column.getSQLType() === 'integer' && value !== null ? Number(value) : value
          }),
        )
      const copied = inOrder(await rowsOf(name))
      const expected = inOrder((before.get(name) ?? []) as Record<string, unknown>[])
      expect([name, sorted(copied)]).toEqual([name, sorted(expected)])
    }
  })

  it('makes the nicknames searchable by their parts', async () => {
    const source = setUp()
    const expected = source.database.sqlite
      .prepare<[], { suffix: string; user_id: string }>(
        'select suffix, user_id from nickname_suffixes',
      )
      .all()
    await move(source)
    const copied = await rowsOf('nickname_suffixes')
    expect(sorted(copied.map(({ suffix, user_id }) => [suffix, user_id]))).toEqual(
      sorted(expected.map(({ suffix, user_id }) => [suffix, user_id])),
    )
    expect(copied.length).toBeGreaterThan(0)
    expect(await rowsOf('nickname_fill')).toEqual([])
  })

  it('refers to users that come later, by their own ids', async () => {
    await move(setUp())
    const { rows } = await client.query(
      'select id, merged_into as into from users where merged_into is not null order by id',
    )
    expect(rows).toEqual([
      { id: 'a id', into: '😀 id' },
      { id: '😀 id', into: 'é id' },
    ])
  })

  it('copies more rows than are sent or read at once', async () => {
    const numbers = (until: number) =>
      `with recursive n(i) as (select 10 union all select i + 1 from n where i < ${until})`
    const source = setUp(`
      ${numbers(4_010)} insert into limits select 'key ' || i, i, i from n;
      ${numbers(210)} insert into audit_events (id, at, action, outcome, mac) select i, i, 'bind', 'ok', x'00ff' from n;
      ${numbers(2_010)} insert into users (id, created_at, merged_into) select 'user ' || i, i, 'Z id' from n`)
    const moved = new Map((await move(source)).map(({ table, count }) => [table, count]))
    expect(moved.get('limits')).toBe(4_007)
    expect(moved.get('audit_events')).toBe(207)
    expect(moved.get('users')).toBe(2_007)
    const { rows } = await client.query(
      `select count(*)::int as count from users where merged_into = 'Z id'`,
    )
    expect(rows).toEqual([{ count: 2_001 }])
  })

  it('continues the numbers of the tickets and of the waiting audit lines', async () => {
    await move(setUp())
    const { rows } = await client.query(
      `insert into audit_inbox (event) values ('{}') returning id`,
    )
    const ticket = await client.query(
      `insert into tickets (hash, app_id, openid, sealed_key, key_fingerprint, expires_at)
       values ('h', 'a', 'o', 's', 'f', 1) returning issue_order as id`,
    )
    const next = String(Number.MAX_SAFE_INTEGER)
    expect([...rows, ...ticket.rows]).toEqual([{ id: next }, { id: next }])
  })

  it('adds the counts of the moved days to those of the nodes', async () => {
    await move(setUp())
    for (const table of ['daily_counts', 'wechat_counts'])
      expect((await rowsOf(table)).map(({ part }) => part)).toEqual([0, 0, 0, 0, 0, 0])
  })

  it.each(['users', 'locks', 'codes', 'observed_time'])(
    'refuses a target that has a row in %s, and leaves it as it was',
    async (table) => {
      const values = {
        users: `('u', 1)`,
        locks: `('name')`,
        codes: `('hash', 1)`,
        observed_time: '(1, 1)',
      }[table]
      const columns = { users: '(id, created_at)' }[table] ?? ''
      await client.query(`insert into ${table} ${columns} values ${values}`)
      await expect(move(setUp())).rejects.toThrow(`its table ${table} has rows`)
      expect(await countAll()).toBe(['users', 'observed_time'].includes(table) ? 1 : 0)
    },
  )

  it('keeps the lines of the audit log that `migrate` has left in the target, behind those that it moves', async () => {
    await client.query(`insert into audit_inbox (event) values ('{"of":"migrate"}'), ('{"n":2}')`)
    const source = setUp(`delete from audit_inbox; insert into audit_inbox values (7, '{"n":7}')`)
    const moved = await move(source)
    expect(moved.find(({ table }) => table === 'audit_inbox')?.count).toBe(1)
    const { rows } = await client.query('select event from audit_inbox order by id')
    expect(rows.map(({ event }) => event)).toEqual(['{"n":7}', '{"of":"migrate"}', '{"n":2}'])
  })

  it('leaves them there when it fails', async () => {
    await client.query(`insert into audit_inbox (event) values ('{"of":"migrate"}')`)
    await expect(move(setUp('create table extra (id integer)'))).rejects.toThrow('table extra')
    expect(await rowsOf('audit_inbox')).toHaveLength(1)
  })

  it('refuses a database that a service has open, even one that does nothing', async () => {
    const { database, from } = setUp()
    const moved = moveStore(from, url, { migrations, onProgress: () => {} })
    await expect(moved).rejects.toThrow(/another process uses the SQLite database/)
    expect(await countAll()).toBe(0)
    expect(database.sqlite.prepare('select count(*) as count from users').get()).toEqual({
      count: 6,
    })
  })

  it('lets no other process open the SQLite database meanwhile', () => {
    const { database, path } = setUp()
    database.close()
    const source = openMoveSource(path)
    const other = new Sqlite(path, { timeout: 0 })
    onTestFinished(() => void other.close())
    const read = () => other.prepare('select * from users')
    expect(read).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }))
    source.close()
    expect(read().all()).toHaveLength(6)
  })

  it('lets no other process read or write the target meanwhile', async () => {
    const folder = join(migrations, 'postgres')
    await moveInto(url, folder, async ({ tables: moved }) => {
      for (const { name } of moved) {
        const lock = client.query(`begin; lock table "${name}" in access share mode nowait`)
        await expect(lock).rejects.toMatchObject({ code: '55P03' })
        await client.query('rollback')
      }
    })
  })

  it('refuses a target in which another process holds a table', async () => {
    await client.query('begin; lock table users in access share mode')
    await expect(move(setUp())).rejects.toThrow('another process uses the target')
    await client.query('rollback')
    expect(await countAll()).toBe(0)
  })

  it('names the table whose row PostgreSQL refuses, and leaves no row', async () => {
    const source = setUp(`update service_keys set name = 'a' || char(0) where id = 'a id'`)
    await expect(move(source)).rejects.toThrow(
      /^PostgreSQL refuses a row of the table service_keys: .*\(22P05\)$/,
    )
    expect(await countAll()).toBe(0)
  })

  it('moves no database with a table that it does not know', async () => {
    const source = setUp('create table extra (id integer)')
    await expect(move(source)).rejects.toThrow('the table extra differs')
    expect(await countAll()).toBe(0)
  })

  /** Runs a statement for each row that is written to a table of the target. */
  const onInsert = async (table: string, statement: string): Promise<void> => {
    await client.query(
      `create function fault() returns trigger language plpgsql as $$ begin ${statement}; return new; end $$;
       create trigger fault before insert on ${table} for each row execute function fault()`,
    )
    onTestFinished(async () => {
      const other = new pg.Client({ connectionString: url })
      await other.connect()
      await other.query('drop function fault cascade')
      await other.end()
    })
  }

  it.each([
    ['a value', `new.nickname := coalesce(new.nickname, '') || '.'`, 'users'],
    ['a picture', `new.bytes := '\\x00'`, 'avatars'],
    ['a row', 'if new.count = 2 then return null; end if', 'limits'],
  ])('commits nothing when %s of the copy differs', async (_what, statement, table) => {
    await onInsert(table, statement)
    await expect(move(setUp())).rejects.toThrow(`the copy of the table ${table} differs`)
    expect(await countAll()).toBe(0)
  })

  it('leaves no row when the connection is lost, and can run again', async () => {
    await onInsert('sessions', 'perform pg_terminate_backend(pg_backend_pid())')
    const source = setUp()
    await expect(move(source)).rejects.toThrow(/^the connection to the target was lost \(57P01\)/)
    expect(await countAll()).toBe(0)
    await client.query('drop trigger fault on sessions')
    await moveStore(source.from, url, { migrations, onProgress: () => {} })
    expect(await countAll()).toBe(6 * tables.length)
  })

  it('says without the password that the target cannot be reached', async () => {
    const moved = move(setUp(), 'postgres://me:geheim@127.0.0.1:1/d')
    const error = await moved.catch((thrown: unknown) => thrown)
    expect(String(error)).toMatch(/^MoveError: the target: the database cannot be reached: .*ECONN/)
    expect(String(error)).not.toContain('geheim')
  })
})
