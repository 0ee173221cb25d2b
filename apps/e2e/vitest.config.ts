import { defineConfig } from 'vitest/config'

/** Processes and a browser start in these tests, on machines that may be doing other things. */
export default defineConfig({ test: { testTimeout: 60_000, hookTimeout: 60_000 } })
