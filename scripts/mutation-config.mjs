import { fileURLToPath } from 'node:url'

/**
 * The Stryker configuration of a package. The command fails below 85 % of mutants killed.
 *
 * @param {string[]} mutate the files to mutate, as globs within the package
 * @param {object} [options] further options of Stryker
 * @see https://stryker-mutator.io/docs/stryker-js/configuration
 */
export function mutationConfig(mutate, options = {}) {
  return {
    mutate: [...mutate, '!**/*.test.ts'],
    testRunner: 'vitest',
    vitest: { configFile: '../../vitest.mutation.config.ts' },
    // pnpm does not put the runner beside Stryker's core, where Stryker looks by default.
    plugins: [fileURLToPath(import.meta.resolve('@stryker-mutator/vitest-runner'))],
    // The copy of the package lies two folders below the root, as the package does: relative paths still hold.
    tempDirName: '../../.stryker',
    // So the paths in tsconfig.json need no rewriting, for which Stryker would load TypeScript as a library.
    tsconfigFile: 'not-rewritten.json',
    ignorePatterns: ['dist', 'lib', '.turbo', '.reports'],
    concurrency: 1,
    thresholds: { high: 95, low: 85, break: 85 },
    // Asks only about mutants of files and tests that changed since the last run.
    incremental: true,
    incrementalFile: '.reports/mutation/incremental.json',
    reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
    clearTextReporter: { reportTests: false, allowEmojis: false },
    htmlReporter: { fileName: '.reports/mutation/index.html' },
    jsonReporter: { fileName: '.reports/mutation/mutation.json' },
    ...options,
  }
}
