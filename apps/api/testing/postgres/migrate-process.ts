// A process that brings a database up to date, for tests that kill it. Arguments: address, folder of the migrations.
import { migrateDatabase } from './migrate-database.ts'

const [url = '', folder = ''] = process.argv.slice(2)
await migrateDatabase(url, folder)
