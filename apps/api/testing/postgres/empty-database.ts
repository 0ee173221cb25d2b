import type pg from 'pg'

/** What a migrated database has that is not data. */
const kept = ['applied_migrations']

/** Deletes every row, and starts every sequence again. Takes a few milliseconds; TRUNCATE takes ten times as long. */
export async function emptyDatabase(client: Pick<pg.ClientBase, 'query'>): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables
     where schemaname = current_schema() and tablename <> all ($1) order by tablename`,
    [kept],
  )
  const sequences = await client.query<{ name: string }>(
    `select quote_ident(sequencename) as name from pg_sequences where schemaname = current_schema()`,
  )
  const statements = [
    // Deleting the users first deletes what refers to them.
    'delete from users',
    ...rows.map(({ name }) => `delete from ${name}`),
    ...sequences.rows.map(({ name }) => `alter sequence ${name} restart`),
  ]
  await client.query(statements.join(';'))
}
