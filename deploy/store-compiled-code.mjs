import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'

/**
 * Stores the compiled code of the collected service beside its code, for an image in which no start may write there:
 * `node deploy/store-compiled-code.mjs FOLDER USER`, as root, with the Node of the image. Node looks for it by its own
 * version, by the path of each file and by the id of the user, so FOLDER is the path in the image and USER the one that
 * runs the service.
 */
const [folder, user] = process.argv.slice(2)
if (folder === undefined || !/^\d+$/.test(user ?? '')) {
  console.error('usage: node deploy/store-compiled-code.mjs FOLDER USER, the user as a number')
  process.exit(1)
}
const dist = resolve(folder, 'dist')
const cache = join(dist, '.compile-cache')
const id = Number(user)
mkdirSync(cache)
chownSync(cache, id, id)
const service = [join(dist, 'main.js'), '--version']
const { status } = spawnSync(process.execPath, service, { uid: id, gid: id, stdio: 'inherit' })
const stored = readdirSync(cache, { recursive: true, withFileTypes: true })
if (status !== 0 || !stored.some((entry) => entry.isFile())) {
  console.error('the service has stored no compiled code')
  process.exit(1)
}
// What is in there is executed, so the service itself can only read it.
chownSync(cache, 0, 0)
for (const entry of stored) {
  const path = join(entry.parentPath, entry.name)
  chownSync(path, 0, 0)
  chmodSync(path, entry.isDirectory() ? 0o755 : 0o644)
}
