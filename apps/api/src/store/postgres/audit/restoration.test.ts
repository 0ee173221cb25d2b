import { expect, it, onTestFinished } from 'vitest'
import type { Queries } from '../connection/index.ts'
import { type KnownLine, watchRestoration } from './restoration.ts'

interface Line {
  id: number
  mac: string | null
}

/** A watch over an audit log in memory. */
function watch() {
  const log = { lines: [] as Line[], anchorId: 0 }
  const node = { written: null as KnownLine | null, canRestore: true, restored: 0 }
  const warnings: string[] = []
  const first = async (_text: string, [, asked]: unknown[]) => {
    const line = log.lines.find(({ id }) => id === asked)
    const newest = log.lines.at(-1)
    return {
      ...{ anchorId: log.anchorId, isThere: line !== undefined, askedMac: line?.mac ?? null },
      ...{ id: newest?.id ?? null, mac: newest?.mac ?? null },
    }
  }
  const restoration = watchRestoration({
    reads: { first } as unknown as Queries,
    written: () => node.written,
    async onRestored() {
      node.written = null
      if (!node.canRestore) throw new Error('not restored')
      node.restored++
    },
    warn: (line) => void warnings.push(line),
    onError: () => {},
  })
  onTestFinished(restoration.close)
  const add = (id: number, mac: string | null = `mac ${id}`) => log.lines.push({ id, mac })
  return { ...restoration, log, node, warnings, add }
}

it('notices that a line which was read is missing, and says so once', async () => {
  const { look, count, log, node, warnings, add } = watch()
  await look()
  add(1)
  add(2)
  await look()
  expect(count()).toBe(0)
  log.lines.pop()
  await look()
  await look()
  expect(warnings).toEqual([expect.stringContaining('line 2 of the audit log is missing')])
  expect({ count: count(), restored: node.restored }).toEqual({ count: 1, restored: 1 })
})

it('notices that a line which this node has written since the last look is missing', async () => {
  const { look, count, node, add } = watch()
  add(1)
  await look()
  node.written = { id: 2, mac: 'mac 2' }
  await look()
  expect(count()).toBe(1)
})

it('notices another line in its place', async () => {
  const { look, count, log, add } = watch()
  add(1)
  await look()
  log.lines = []
  add(1, 'another')
  add(2)
  await look()
  await look()
  expect(count()).toBe(1)
})

it('takes lines that have expired, and a discarded chain, for no older copy', async () => {
  const { look, count, log, add } = watch()
  add(1)
  add(2)
  await look()
  log.lines = [{ id: 3, mac: 'mac 3' }]
  log.anchorId = 2
  await look()
  log.lines = [{ id: 3, mac: null }]
  await look()
  await look()
  expect(count()).toBe(0)
})

it('tries again what did not succeed, and counts one restoration', async () => {
  const { look, count, log, node, add } = watch()
  add(1)
  add(2)
  await look()
  log.lines.pop()
  node.canRestore = false
  await expect(look()).rejects.toThrow('not restored')
  await expect(look()).rejects.toThrow('not restored')
  node.canRestore = true
  await look()
  expect({ count: count(), restored: node.restored }).toEqual({ count: 1, restored: 1 })
})
