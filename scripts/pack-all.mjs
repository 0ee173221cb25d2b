import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { prepare, root, turbo } from './workspace.mjs'

/** Makes the tarball of each published package, in one folder: `npm run pack:all`. */
const folder = join(root, 'dist', 'tarballs')

await prepare()
const code = await turbo('package', ...process.argv.slice(2))
if (code !== 0) process.exit(code)
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const name of readdirSync(join(root, 'packages'))) {
  const tarball = join(root, 'packages', name, 'lib', 'package.tgz')
  if (!existsSync(tarball)) continue
  const manifest = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')
  const file = `mianmi-${name}-${JSON.parse(manifest).version}.tgz`
  copyFileSync(tarball, join(folder, file))
  console.log(join('dist', 'tarballs', file))
}
