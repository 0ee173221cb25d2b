import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where Debian's packages put each version. */
const debian = '/usr/lib/postgresql'

/**
 * The folder with `initdb` and `postgres`: `POSTGRES_BIN` when it is set, else Debian's newest version, else the first
 * one on the PATH. Null where PostgreSQL is not installed.
 *
 * @throws Error when `POSTGRES_BIN` names a folder without them
 */
export function findPostgres(env: NodeJS.ProcessEnv = process.env): string | null {
  const { POSTGRES_BIN: chosen, PATH = '' } = env
  if (chosen) {
    if (hasBinaries(chosen)) return chosen
    throw new Error(`POSTGRES_BIN is ${chosen}, where initdb and postgres are not both to be found`)
  }
  return [...debianFolders(), ...PATH.split(delimiter)].find(hasBinaries) ?? null
}

const hasBinaries = (folder: string): boolean =>
  ['initdb', 'postgres'].every((name) => existsSync(join(folder, name)))

function debianFolders(): string[] {
  if (!existsSync(debian)) return []
  return readdirSync(debian)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(debian, version, 'bin'))
}
