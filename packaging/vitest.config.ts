import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../vitest.config.ts'

export default mergeConfig(
  base,
  defineConfig({
    test: {
      globalSetup: 'test/install-project.ts',
      // Several compilers run at the same time.
      testTimeout: 180_000,
      hookTimeout: 300_000,
    },
  }),
)
