import { defineConfig, type RolldownOptions } from 'rolldown'

/** One file to start; only what holds native code stays outside of it. */
const bundle = (input: string, file: string): RolldownOptions => ({
  input,
  platform: 'node',
  external: ['better-sqlite3', '@node-rs/argon2'],
  output: {
    file,
    format: 'esm',
    codeSplitting: false,
    minify: { compress: true, mangle: false, codegen: true },
  },
})

export default defineConfig([
  bundle('src/main.ts', 'dist/main.js'),
  bundle('src/backup/main.ts', 'dist/backup.js'),
])
