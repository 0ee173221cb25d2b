import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface PublishedManifest {
  exports: Record<string, { import: { default: string } } | string>
}

/** An entry point of an installed package. */
export interface EntryPoint {
  /** As it is imported, such as `@mianmi/wx-session/trpc`. */
  id: string
  /** The ES module. */
  file: string
}

export function entryPoints(project: string, name: string): EntryPoint[] {
  const folder = join(project, 'node_modules', name)
  const text = readFileSync(join(folder, 'package.json'), 'utf8')
  const { exports }: PublishedManifest = JSON.parse(text)
  return Object.entries(exports).flatMap(([entry, target]) => {
    if (typeof target === 'string') return []
    const id = `${name}${entry.slice('.'.length)}`
    return [{ id, file: join(folder, target.import.default) }]
  })
}
