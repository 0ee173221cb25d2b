import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

const writes = 300
/** About the size that a commit of several sign-ins adds to the WAL, in bytes. */
const size = 64 * 1024

/** Measures how long `fdatasync` takes after an append to a file, as after each commit. Returns the times in ms. */
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
