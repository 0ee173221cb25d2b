import { defineConfig } from 'vitest/config'

/** Passwords are hashed at the lowest weight, and machines that run these tests may be doing other things. */
export default defineConfig({ test: { testTimeout: 30_000, hookTimeout: 30_000 } })
