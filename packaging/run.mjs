import process from 'node:process'
import { pnpm, prepare, turbo } from '../scripts/workspace.mjs'

/** Packs every published package and uses the tarballs as others do; see packaging/README.md. */

async function exitOnFailure(step) {
  const code = await step
  if (code !== 0) process.exit(code)
}

await prepare()
await exitOnFailure(turbo('package'))
// create-mianmi makes a project that runs the service from its package.
await exitOnFailure(turbo('build', '--filter=@mianmi/admin', '--filter=@mianmi/api'))
const install = ['install', '--frozen-lockfile', '--prefer-offline', '--trust-lockfile']
for (const folder of ['packaging', 'packaging/compilers/uni-app', 'packaging/compilers/taro']) {
  await exitOnFailure(pnpm('--dir', folder, ...install))
}
await exitOnFailure(pnpm('exec', 'tsc', '--noEmit', '-p', 'packaging'))
await exitOnFailure(pnpm('exec', 'vitest', 'run', '--root', 'packaging', ...process.argv.slice(2)))
