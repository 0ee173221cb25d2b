// Generates the migrations of both dialects from their schemas. Arguments go to drizzle-kit.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const postgres = new URL('./postgres/', import.meta.url)
const before = new Set(readdirSync(postgres))

for (const dialect of ['sqlite', 'postgres']) {
  const config = `drizzle.${dialect}.config.ts`
  const options = ['exec', 'drizzle-kit', 'generate', '--config', config, ...process.argv.slice(2)]
  const isWindows = process.platform === 'win32'
  const { status } = spawnSync('pnpm', options, { stdio: 'inherit', shell: isWindows })
  if (status !== 0) process.exit(status ?? 1)
}

// Names of the schema stay out of the migrations, so that the tables are made in the first one of the search path.
for (const name of readdirSync(postgres)) {
  if (before.has(name) || !name.endsWith('.sql')) continue
  const file = new URL(name, postgres)
  const sql = readFileSync(file, 'utf8').replaceAll('"public".', '').replaceAll('"bytea"', 'bytea')
  writeFileSync(file, sql)
}
