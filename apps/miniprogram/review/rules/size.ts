import { type Finding, rules } from '../finding.ts'
import type { PackageFiles } from '../package-files.ts'

const megabyte = 1024 * 1024
export const packageLimit = 2 * megabyte
export const totalLimit = 30 * megabyte

export function findOverweight(files: PackageFiles): Finding[] {
  const subs = files.app.subPackages.map((sub) => `${sub.root.replace(/^\/|\/$/g, '')}/`)
  const sizeOf = (isIn: (file: string) => boolean) =>
    files.all.filter(isIn).reduce((sum, file) => sum + files.size(file), 0)
  const packages = [
    { name: 'the main package', root: '', limit: packageLimit },
    ...subs.map((root) => ({ name: root, root, limit: packageLimit })),
    { name: 'the mini program', root: '*', limit: totalLimit },
  ]
  return packages.flatMap(({ name, root, limit }) => {
    const bytes = sizeOf((file) => {
      if (root === '*') return true
      return root === '' ? !subs.some((sub) => file.startsWith(sub)) : file.startsWith(root)
    })
    if (bytes <= limit) return []
    const detail = `${name} has ${bytes} bytes, ${bytes - limit} too many`
    return [{ rule: rules.size, file: root.endsWith('/') ? root : '.', line: 0, column: 0, detail }]
  })
}
