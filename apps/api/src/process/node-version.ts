import process from 'node:process'
import workspace from '../../../../package.json' with { type: 'json' }
import { UsageError } from './command-line.ts'

/**
 * Refuses a Node that is too old, on which better-sqlite3 ends the process by a segmentation fault.
 *
 * @throws UsageError
 */
export function requireNode(version: string = process.versions.node): void {
  const lowest = workspace.engines.node.match(/\d+/g)?.map(Number) ?? []
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [lowestMajor = 0, lowestMinor = 0] = lowest
  if (major > lowestMajor || (major === lowestMajor && minor >= lowestMinor)) return
  throw new UsageError(`Node ${workspace.engines.node} is needed, and this is ${version}`)
}
