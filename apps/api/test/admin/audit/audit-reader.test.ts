import type { AuditQuery } from '@mianmi/core/admin'
import { describe, expect, it } from 'vitest'
import { now, openAdminStores } from '../stores.ts'

/** A log with as many lines, of which the first one is of the outcome `internal`. */
function openLog(count: number) {
  const { database, auditReader } = openAdminStores()
  const insert = database.sqlite.prepare(
    `insert into audit_events (at, action, outcome) values (?, 'bind', ?)`,
  )
  database.writeNow(() => {
    for (let index = 0; index < count; index++)
      insert.run(now + index, index === 0 ? 'internal' : 'ok')
  })
  return auditReader
}

/** What SQLite adds to the conformance suite: bounds on how long the only thread is held. */
describe('the SQLite reader of the audit log', () => {
  it('looks at a bounded number of lines for one page, and goes on from there', async () => {
    const auditReader = openLog(12_000)
    const query: AuditQuery = { action: 'bind', outcome: 'internal' }
    const found: number[][] = []
    let cursor: string | undefined
    do {
      const { items, next } = await auditReader.list({ ...query, limit: 10, cursor })
      found.push(items.map(({ id }) => id))
      cursor = next ?? undefined
    } while (cursor !== undefined)
    expect(found).toEqual([[], [], [1]])
    expect(await auditReader.count({ action: 'bind', outcome: 'ok' })).toBe(11_999)
  })

  it('does not block other calls while it counts', async () => {
    const auditReader = openLog(20_000)
    let turns = 0
    const turn = () => {
      turns++
      next = setImmediate(turn)
    }
    let next = setImmediate(turn)
    expect(await auditReader.count({})).toBe(20_000)
    clearImmediate(next)
    expect(turns).toBeGreaterThanOrEqual(3)
  })

  it('refuses a cursor without all of its parts', async () => {
    const auditReader = openLog(0)
    const made = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url')
    for (const cursor of [made(['a', 1]), made([1]), made({ at: 1 })])
      await expect(auditReader.list({ cursor, limit: 1 })).rejects.toMatchObject({
        reason: 'invalid_input',
      })
  })
})
