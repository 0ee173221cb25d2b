import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

const writes = 300
/** About what a commit of several sign-ins adds to the log, in bytes. */
const size = 64 * 1024

/** How long the disk takes to have what is appended to a file, as after each commit: so many times, in ms. */
export function timeDisk(folder) {
  const path = join(folder, 'disk')
  const file = openSync(path, 'w')
  const bytes = Buffer.alloc(size, 'mianmi')
  try {
    return Array.from({ length: writes }, () => {
      writeSync(file, bytes)
      const before = performance.now()
      fdatasyncSync(file)
      return performance.now() - before
    })
  } finally {
    closeSync(file)
    rmSync(path)
  }
}
