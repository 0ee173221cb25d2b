import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/** What a package needs once for all of its tests. */
const globalSetup = './testing/global-setup.ts'

/**
 * The one configuration of every package's tests: `vitest run --config ../../vitest.config.ts` in the package.
 *
 * The limits of time are only there to end a test that hangs. They are long because tests run on machines that do
 * other work at the same time.
 */
export default defineConfig({
  test: {
    include: ['{src,test,testing,torture,review}/**/*.test.{ts,tsx}'],
    globalSetup: existsSync(globalSetup) ? [globalSetup] : [],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    // The JSON report is what scripts/test.mjs counts.
    reporters: ['default', 'json'],
    outputFile: { json: '.reports/test.json' },
  },
})
