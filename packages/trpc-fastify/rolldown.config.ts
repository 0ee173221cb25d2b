import { defineConfig } from 'rolldown'

/** Builds the benchmark only: users of the package bundle its source. */
export default defineConfig({
  input: { bench: 'bench/bench.ts', server: 'bench/server.ts', load: 'bench/load.ts' },
  platform: 'node',
  external: ['better-sqlite3'],
  output: { dir: 'dist', format: 'esm' },
})
