import { defineConfig, mergeConfig } from 'vitest/config'
import shared from './vitest.config.ts'

/** For `npm run mutation`: a mutant that makes a test hang fails it soon, which is faster than a restart by Stryker. */
export default mergeConfig(
  { ...shared, test: { ...shared.test, reporters: [] } },
  defineConfig({ test: { testTimeout: 4_000, hookTimeout: 4_000 } }),
)
