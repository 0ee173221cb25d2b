import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'

interface SubPackage {
  root: string
  pages: string[]
}

export interface AppConfig {
  pages: string[]
  subPackages: SubPackage[]
  usingComponents: Record<string, string>
  permission: Record<string, { desc?: string }>
  requiredPrivateInfos: string[]
  hasPrivacyCheck: boolean
}

/** The files of a built mini program. */
export interface PackageFiles {
  root: string
  /** Paths relative to the root, with slashes, sorted. */
  all: string[]
  app: AppConfig
  /** All pages, also of sub-packages. */
  pages: string[]
  text(file: string): string
  /** Bytes. */
  size(file: string): number
  has(file: string): boolean
  /** The components in the `.json` of a page or component: tag → path from the root. */
  componentsOf(owner: string): Record<string, string>
}

/** @throws Error when app.json cannot be read */
export function readPackage(root: string): PackageFiles {
  const all = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
  const text = (file: string) => readFileSync(join(root, file), 'utf8')
  const app = readApp(JSON.parse(text('app.json')))
  return {
    root,
    all,
    app,
    pages: [
      ...app.pages,
      ...app.subPackages.flatMap((sub) => sub.pages.map((page) => posix.join(sub.root, page))),
    ],
    text,
    size: (file) => statSync(join(root, file)).size,
    has: (file) => existsSync(join(root, file)),
    componentsOf(owner) {
      const file = `${owner}.json`
      const { usingComponents = {} } = all.includes(file) ? JSON.parse(text(file)) : {}
      return mapPaths({ ...app.usingComponents, ...usingComponents }, owner)
    },
  }
}

function readApp(json: Record<string, unknown>): AppConfig {
  const subPackages = (json['subPackages'] ?? json['subpackages'] ?? []) as SubPackage[]
  return {
    pages: (json['pages'] ?? []) as string[],
    subPackages,
    usingComponents: (json['usingComponents'] ?? {}) as Record<string, string>,
    permission: (json['permission'] ?? {}) as AppConfig['permission'],
    requiredPrivateInfos: (json['requiredPrivateInfos'] ?? []) as string[],
    hasPrivacyCheck: json['__usePrivacyCheck__'] === true,
  }
}

function mapPaths(components: Record<string, string>, owner: string): Record<string, string> {
  const fromRoot = (path: string) =>
    path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(owner), path)
  return Object.fromEntries(Object.entries(components).map(([tag, path]) => [tag, fromRoot(path)]))
}
