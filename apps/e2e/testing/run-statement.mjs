// Runs a statement and prints its rows as JSON. Arguments: URL of the database, statement. A process of its own, so that
// tests can wait for it without a promise, as they do for SQLite.
import process from 'node:process'
import pg from 'pg'

const [, , url, statement = ''] = process.argv
const client = new pg.Client({ connectionString: url })
await client.connect()
try {
  const { rows = [] } = await client.query(statement)
  console.log(JSON.stringify(rows))
} finally {
  await client.end()
}
