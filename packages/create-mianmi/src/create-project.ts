import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Says what is wrong with the folder, the appid or the tarballs. Nothing was written. */
export class ProjectError extends Error {
  override readonly name = 'ProjectError'
}

export interface ProjectOptions {
  /** A path; its last part is the name of the project. */
  readonly folder: string
  readonly appId: string
  /** A folder with the tarballs of mianmi's packages; without it they come from npm. */
  readonly tarballs?: string | undefined
}

const template = fileURLToPath(new URL('../template', import.meta.url))

/** The versions that the template was tested with, by package; `write-versions.mjs` writes them into the tarball. */
const readVersions = (): Record<string, string> =>
  JSON.parse(readFileSync(new URL('../versions.json', import.meta.url), 'utf8'))

/** What is wrong with a folder, or null. Its name becomes that of a package, so npm's rules hold. */
export function faultOfFolder(folder: string): string | null {
  const name = basename(resolve(folder))
  if (!/^[a-z0-9][a-z0-9._-]{0,99}$/.test(name) || name === 'node_modules')
    return `"${name}" must begin with a small letter or digit, and have small letters, digits and . _ - only`
  const path = resolve(folder)
  if (!existsSync(path)) return null
  const isEmpty = readdirSync(path).every((entry) => entry === '.git')
  return isEmpty ? null : `${folder} is not empty`
}

/** WeChat's appids are `wx` and 16 hexadecimal digits. */
export const faultOfAppId = (appId: string): string | null =>
  /^wx[0-9a-f]{16}$/.test(appId) ? null : 'an appid is wx and 16 hexadecimal digits'

/** @throws ProjectError */
export function createProject({ folder, appId, tarballs }: ProjectOptions): void {
  const fault = faultOfFolder(folder) ?? faultOfAppId(appId)
  if (fault !== null) throw new ProjectError(fault)
  const root = resolve(folder)
  const versions = readVersions()
  const own = tarballs === undefined ? {} : findTarballs(resolve(tarballs), Object.keys(versions))
  const values = { ...versions, ...vendored(own), name: basename(root), appid: appId }
  for (const file of readdirSync(template, { recursive: true, encoding: 'utf8' })) {
    const source = join(template, file)
    // npm leaves out .gitignore of a package, and reads a package.json inside.
    const target = join(
      root,
      dirname(file),
      basename(file).replace(/^_git/, '.git').replace(/^_/, ''),
    )
    if (!/\.[\w]+$|_gitignore$/.test(file)) continue
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, fill(readFileSync(source, 'utf8'), values))
  }
  for (const path of Object.values(own)) {
    mkdirSync(join(root, 'vendor'), { recursive: true })
    copyFileSync(path, join(root, 'vendor', basename(path)))
  }
}

/** Replaces `%name%`, `%appid%` and `%version:PACKAGE%`; WXML has `{{ }}` of its own. */
const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/%(?:version:([^%]+)|(name|appid))%/g, (_match, name, other) => {
    const key: string = name ?? other
    const value = values[key]
    if (value === undefined) throw new Error(`the template names ${key}`)
    return value
  })

const vendored = (tarballs: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tarballs).map(([name, path]) => [name, `file:vendor/${basename(path)}`]),
  )

/** The tarball of each of mianmi's packages. @throws ProjectError that names a missing one */
function findTarballs(folder: string, packages: readonly string[]): Record<string, string> {
  const files = existsSync(folder) ? readdirSync(folder) : []
  const own = packages.filter((name) => name.startsWith('@mianmi/'))
  const found = own.map((name) => {
    const start = `${name.slice(1).replace('/', '-')}-`
    const file = files.find(
      (each) => each.startsWith(start) && /^\d.*\.tgz$/.test(each.slice(start.length)),
    )
    if (file === undefined) throw new ProjectError(`${folder} has no tarball of ${name}`)
    return [name, join(folder, file)]
  })
  return Object.fromEntries(found)
}
