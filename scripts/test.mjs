import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { prepare, root, turbo } from './workspace.mjs'

/** Every suite, and one line for each; the last line is the sum over all. */

const suites = ['packages', 'apps']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
  .filter((folder) => hasTests(join(root, folder)))

function hasTests(folder) {
  const manifest = join(folder, 'package.json')
  return existsSync(manifest) && 'test' in JSON.parse(readFileSync(manifest, 'utf8')).scripts
}

const reportOf = (suite) => join(root, suite, '.reports', 'test.json')

/** What a suite's report says; a suite that left none did not run, which is one failure. */
function count(suite) {
  const file = reportOf(suite)
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, note: ' (did not run)' }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const broken = report.testResults.filter(
    (result) => result.status === 'failed' && result.assertionResults.length === 0,
  ).length
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests,
    note: broken ? ` (${broken} files did not load)` : '',
  }
}

await prepare()
// A report of an earlier run must not stand for one that did not run; turbo brings back those it has cached.
for (const suite of suites) rmSync(reportOf(suite), { force: true })
const code = await turbo('test', '--continue', '--concurrency=2', ...process.argv.slice(2))

const sum = { passed: 0, failed: 0, skipped: 0 }
console.log('')
for (const suite of suites) {
  const { note, ...counts } = count(suite)
  for (const key of Object.keys(sum)) sum[key] += counts[key]
  const skipped = counts.skipped ? `, ${counts.skipped} skipped` : ''
  console.log(
    `${suite.padEnd(26)} ${String(counts.passed).padStart(4)} passed, ${counts.failed} failed${skipped}${note}`,
  )
}
if (code !== 0 && sum.failed === 0) sum.failed = 1
console.log(
  `${sum.passed} passed, ${sum.failed} failed${sum.skipped ? `, ${sum.skipped} skipped` : ''}`,
)
process.exit(sum.failed === 0 ? 0 : 1)
