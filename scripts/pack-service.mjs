import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { prepare, root, run, turbo } from './workspace.mjs'

/**
 * Makes one tarball of the service that needs Node and nothing else: `npm run pack:service`. It is for the system and
 * the processor of this machine, which its name tells, because two packages have native code.
 */
async function must(promise) {
  const code = await promise
  if (code !== 0) process.exit(code)
}

/** `linux-x64`, or `linux-x64-musl`: Alpine's C library takes native code of its own. */
function platformName() {
  const { platform, arch } = process
  const isMusl =
    platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined
  return `${platform}-${arch}${isMusl ? '-musl' : ''}`
}

await prepare()
await must(turbo('build', '--filter=@mianmi/admin', '--filter=@mianmi/api'))
const { version } = JSON.parse(readFileSync(join(root, 'apps/api/package.json'), 'utf8'))
const name = `mianmi-${version}`
const parent = mkdtempSync(join(tmpdir(), 'mianmi-pack-'))
try {
  const folder = join(parent, name)
  await must(run(process.execPath, [join(root, 'deploy/collect.mjs'), folder]))
  await must(run(process.execPath, [join(root, 'deploy/documents.mjs'), folder]))
  const target = join(root, 'dist', 'service')
  const file = `${name}-${platformName()}.tar.gz`
  mkdirSync(target, { recursive: true })
  const packed = spawnSync('tar', ['-czf', join(target, file), '-C', parent, name], {
    stdio: 'inherit',
  })
  if (packed.status !== 0) throw new Error(`tar: ${packed.error?.message ?? 'failed'}`)
  const sum = createHash('sha256')
    .update(readFileSync(join(target, file)))
    .digest('hex')
  writeFileSync(join(target, `${file}.sha256`), `${sum}  ${file}\n`)
  console.log(join('dist', 'service', file))
} finally {
  rmSync(parent, { recursive: true, force: true })
}
