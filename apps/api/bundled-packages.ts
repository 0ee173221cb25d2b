import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RolldownOptions } from 'rolldown'

type Plugin = NonNullable<RolldownOptions['plugins']>

/** The form of Vite's `build.license`, so that the console's list and this one are read by the same code. */
interface BundledPackage {
  readonly name: string
  readonly version: string
  /** The SPDX expression of package.json. */
  readonly identifier: string
  readonly text: string
}

const packageFolder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/

function read(folder: string): BundledPackage {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const { name, version, license, author } = manifest
  if (typeof license !== 'string') throw new Error(`${name} is bundled and names no licence`)
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  // Some packages have no file, and name licence and author in package.json alone.
  const text = file
    ? readFileSync(join(folder, file), 'utf8').trim()
    : `${license}. Author: ${author?.name ?? author ?? name}`
  return { name, version, identifier: license, text }
}

/**
 * Writes the packages that the bundles have parts of, with their licences, to `file` beside them: most licences demand
 * that their text goes with each copy. One list for all bundles of a build, so the plugin is made once.
 */
export function listBundledPackages(file: string): Plugin {
  const folders = new Set<string>()
  let target: string | undefined
  return {
    name: 'bundled packages',
    generateBundle({ dir }, output) {
      target = dir
      for (const chunk of Object.values(output)) {
        if (chunk.type !== 'chunk') continue
        for (const id of chunk.moduleIds)
          for (const folder of id.match(packageFolder) ?? []) folders.add(folder)
      }
    },
    closeBundle() {
      if (target === undefined) return
      const packages = [...folders].sort().map(read)
      writeFileSync(join(target, file), `${JSON.stringify(packages, null, 2)}\n`)
    },
  }
}
