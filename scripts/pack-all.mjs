import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pnpm, prepare, root, run, turbo } from './workspace.mjs'

/** Makes the tarball of each published package, in one folder: `npm run pack:all`. */
const folder = join(root, 'dist', 'tarballs')

async function must(promise) {
  const code = await promise
  if (code !== 0) process.exit(code)
}

/** The service as a package: it is no folder of packages/, but what apps/api and apps/admin build. */
async function packService() {
  await must(turbo('build', '--filter=@mianmi/admin', '--filter=@mianmi/api'))
  const parent = mkdtempSync(join(tmpdir(), 'mianmi-service-'))
  const package_ = join(parent, 'service')
  await must(run(process.execPath, [join(root, 'deploy/collect.mjs'), package_, '--npm']))
  await must(pnpm('--dir', package_, 'pack', '--pack-destination', folder))
  rmSync(parent, { recursive: true, force: true })
}

await prepare()
await must(turbo('package', ...process.argv.slice(2)))
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const name of readdirSync(join(root, 'packages'))) {
  const tarball = join(root, 'packages', name, 'lib', 'package.tgz')
  if (!existsSync(tarball)) continue
  const manifest = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')
  const { version } = JSON.parse(manifest)
  const file = name === 'create-mianmi' ? `${name}-${version}.tgz` : `mianmi-${name}-${version}.tgz`
  copyFileSync(tarball, join(folder, file))
  console.log(join('dist', 'tarballs', file))
}
await packService()
