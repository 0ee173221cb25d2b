import { cpSync, existsSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type RolldownOptions } from 'rolldown'

/** One file to start; what holds native code stays outside of it, and what starts threads from files of its own. */
const bundle = (input: string, file: string): RolldownOptions => ({
  input,
  platform: 'node',
  external: ['better-sqlite3', '@node-rs/argon2', 'piscina'],
  output: {
    file,
    format: 'esm',
    codeSplitting: false,
    minify: { compress: true, mangle: false, codegen: true },
  },
})

/** The service is shipped as one folder: the console that it serves stands in it, if it was built. */
const withConsole: NonNullable<RolldownOptions['plugins']> = {
  name: 'console',
  closeBundle() {
    const built = fileURLToPath(new URL('../admin/dist', import.meta.url))
    rmSync('dist/admin', { recursive: true, force: true })
    if (existsSync(built)) cpSync(built, 'dist/admin', { recursive: true })
  },
}

export default defineConfig([
  { ...bundle('src/main.ts', 'dist/main.js'), plugins: [withConsole] },
  bundle('src/backup/main.ts', 'dist/backup.js'),
  bundle('src/operators/command/main.ts', 'dist/admin.js'),
  // A thread of its own, so a file of its own, found beside the bundle as beside the source.
  bundle('src/passwords/hasher.mjs', 'dist/hasher.mjs'),
])
