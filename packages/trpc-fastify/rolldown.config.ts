import { defineConfig } from 'rolldown'

/** Only the benchmark is built: who uses the package bundles its source. */
export default defineConfig({
  input: { bench: 'bench/bench.ts', server: 'bench/server.ts', load: 'bench/load.ts' },
  platform: 'node',
  external: ['better-sqlite3'],
  output: { dir: 'dist', format: 'esm' },
})
