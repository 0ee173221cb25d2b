import { accessSync, constants, existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** A file cannot be written, for a reason that an administrator can correct. The message is one line with the path. */
export class NewFileError extends Error {
  override readonly name = 'NewFileError'
}

const faults: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is a file',
  EACCES: 'this user may not write to its folder',
  EPERM: 'this user may not write to its folder',
  EROFS: 'its folder is on a file system that is mounted read-only',
}

/**
 * Checks before any work that a file can be created at `path`.
 *
 * @throws NewFileError where it exists already, or its folder cannot be written
 */
export function requireNewFile(path: string): void {
  if (existsSync(path)) throw new NewFileError(`${path} exists already, and no file is overwritten`)
  try {
    // With the dot also a file in place of the folder is an error.
    accessSync(`${dirname(resolve(path))}/.`, constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw new NewFileError(`${resolve(path)} cannot be written: ${faults[code] ?? code}`)
  }
}
