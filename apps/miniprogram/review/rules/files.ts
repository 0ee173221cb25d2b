import { type Finding, rules } from '../finding.ts'
import type { PackageFiles } from '../package-files.ts'

/** A mini program does not start when a page or component that it names is missing. */
export function findMissing(files: PackageFiles): Finding[] {
  const findings: Finding[] = []
  const requireFiles = (name: string, from: string) => {
    for (const kind of ['js', 'wxml']) {
      if (files.has(`${name}.${kind}`)) continue
      const detail = `names ${name}, but ${name}.${kind} is missing`
      findings.push({ rule: rules.files, file: from, line: 0, column: 0, detail })
    }
  }
  for (const page of files.pages) requireFiles(page, 'app.json')
  for (const owner of unitsOf(files)) {
    for (const path of Object.values(files.componentsOf(owner))) requireFiles(path, `${owner}.json`)
  }
  return findings
}

/** The pages, and all components that they use, directly or indirectly. */
export function unitsOf(files: PackageFiles, pages: string[] = files.pages): string[] {
  const found = new Set<string>()
  const waiting = [...pages]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (found.has(next)) continue
    found.add(next)
    waiting.push(...Object.values(files.componentsOf(next)))
  }
  return [...found]
}
