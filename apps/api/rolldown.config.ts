import { defineConfig } from 'rolldown'

/** One file to start; only what holds native code stays outside of it. */
export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  external: ['better-sqlite3', '@node-rs/argon2'],
  output: {
    file: 'dist/main.js',
    format: 'esm',
    codeSplitting: false,
    minify: { compress: true, mangle: false, codegen: true },
  },
})
