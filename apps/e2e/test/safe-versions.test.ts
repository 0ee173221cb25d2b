import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'

const fromRoot = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const lock = readFileSync(fromRoot('pnpm-lock.yaml'), 'utf8')

/** Runs the check on the text of a lock file. */
function checkLockFile(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'pnpm-lock.yaml')
  writeFileSync(file, text)
  return spawnSync(process.execPath, [fromRoot('scripts/safe-versions.mjs'), file], {
    encoding: 'utf8',
  })
}

it('the locked versions are safe', () => {
  const { status, stdout } = checkLockFile(lock)
  expect(stdout).toContain('are at safe versions')
  expect(status).toBe(0)
})

it.each([
  ['fastify@', 'fastify@5.12.5'],
  ["'@trpc/server@", '@trpc/server@11.7.2'],
  ['drizzle-orm@', 'drizzle-orm@0.45.1'],
  ['undici@', 'undici@7.28.0'],
])(
  'a vulnerable version in the lock file fails the check, even beside a safe one: %s',
  (entry, older) => {
    const quote = entry.startsWith("'") ? "'" : ''
    const changed = lock.replace(`\n  ${entry}`, `\n  ${quote}${older}${quote}:\n\n  ${entry}`)
    expect(changed).not.toBe(lock)
    const { status, stderr } = checkLockFile(changed)
    expect(stderr).toContain(`${older.replace(/@([^@]*)$/, ' $1')} is below`)
    expect(status).toBe(1)
  },
)
