import type { AuditQuery } from '@mianmi/core/admin'
import { describe, expect, it } from 'vitest'
import { now, openAdminStores } from '../stores.ts'

interface Line {
  readonly at?: number
  readonly action?: string
  readonly outcome?: string
  readonly userId?: string
  readonly adminId?: string
}

/** A log with these lines, numbered from 1, and the ways to ask it. */
function openLog(lines: readonly Line[]) {
  const { database, auditReader } = openAdminStores()
  const insert = database.sqlite.prepare(
    `insert into audit_events (at, action, outcome, user_id, operator_id, app_id, address, device)
     values (?, ?, ?, ?, ?, 'wx1', '203.0.113.0', 'Phone')`,
  )
  database.writeNow(() => {
    for (const { at = now, action = 'sign_in', outcome = 'ok', userId, adminId } of lines)
      insert.run(at, action, outcome, userId ?? null, adminId ?? null)
  })
  const ids = async (query: AuditQuery, limit = 3, cursor?: string): Promise<number[]> => {
    const { items, next } = await auditReader.list({ ...query, limit, cursor })
    const here = items.map(({ id }) => id)
    return next === null ? here : [...here, ...(await ids(query, limit, next))]
  }
  return { auditReader, ids }
}

const actions = ['sign_in', 'sign_in', 'bind', 'admin.people.view'] as const
const outcomes = ['ok', 'unbound', 'credential_rejected'] as const

describe('reading the audit log', () => {
  it('tells everything that was kept of a line', async () => {
    const { auditReader } = openLog([{ userId: 'u', adminId: 'o' }])
    expect(await auditReader.list({ limit: 5 })).toEqual({
      items: [
        {
          id: 1,
          at: now,
          action: 'sign_in',
          outcome: 'ok',
          userId: 'u',
          adminId: 'o',
          appId: 'wx1',
          address: '203.0.113.0',
          device: 'Phone',
        },
      ],
      next: null,
    })
  })

  it('goes by any filters together, newest first, and counts the same', async () => {
    const lines = Array.from({ length: 240 }, (_, at) => ({
      at: now + Math.floor(at / 4),
      action: actions[at % 4] ?? 'bind',
      outcome: outcomes[at % 3] ?? 'ok',
      userId: `u${at % 5}`,
      ...(at % 4 === 3 ? { adminId: `o${at % 7}` } : {}),
    }))
    const { auditReader, ids } = openLog(lines)
    const values = [undefined, 0, 1] as const
    for (const from of [undefined, now + 20])
      for (const to of [undefined, now + 40])
        for (const action of [undefined, ...actions])
          for (const outcome of [undefined, ...outcomes])
            for (const who of values) {
              const userId = who === 0 ? 'u1' : undefined
              const adminId = who === 1 ? 'o3' : undefined
              const query = { from, to, action, outcome, userId, adminId }
              const fits = lines.flatMap((line, at) => {
                const inRange = line.at >= (from ?? 0) && line.at < (to ?? Number.POSITIVE_INFINITY)
                const same = (['action', 'outcome', 'userId', 'adminId'] as const).every(
                  (key) => query[key] === undefined || query[key] === line[key],
                )
                return inRange && same ? [at + 1] : []
              })
              expect(await ids(query, 50), JSON.stringify(query)).toEqual(fits.reverse())
              expect(await auditReader.count(query)).toBe(fits.length)
            }
  })

  it('comes to every line once by pages, also where many were written in one moment', async () => {
    const { ids } = openLog(
      Array.from({ length: 20 }, (_, at) => ({ at: now + Math.floor(at / 9) })),
    )
    expect(await ids({}, 3)).toEqual(Array.from({ length: 20 }, (_, at) => 20 - at))
  })

  it('keeps the order of time where the clock was set back', async () => {
    const { ids } = openLog([{ at: now }, { at: now - 50 }, { at: now - 10 }])
    expect(await ids({}, 1)).toEqual([1, 3, 2])
    expect(await ids({ from: now - 20, to: now }, 1)).toEqual([3])
  })

  it('looks at no more lines for one page than it may, and goes on from there', async () => {
    const lines = Array.from({ length: 12_000 }, (_, at) => ({
      at: now + at,
      action: 'bind',
      outcome: at === 0 ? 'internal' : 'ok',
    }))
    const { auditReader, ids } = openLog(lines)
    const first = await auditReader.list({ action: 'bind', outcome: 'internal', limit: 10 })
    expect(first.items).toEqual([])
    expect(first.next).not.toBeNull()
    expect(await ids({ action: 'bind', outcome: 'internal' })).toEqual([1])
    expect(await auditReader.count({ action: 'bind', outcome: 'ok' })).toBe(11_999)
  })

  it('serves others while it counts', async () => {
    const { auditReader } = openLog(Array.from({ length: 20_000 }, (_, at) => ({ at: now + at })))
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

  it('refuses a cursor that is none', async () => {
    const { auditReader } = openLog([])
    const made = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url')
    for (const cursor of ['nonsense', made(['a', 1]), made([1]), made({ at: 1 })])
      await expect(auditReader.list({ cursor, limit: 1 })).rejects.toMatchObject({
        reason: 'invalid_input',
      })
  })
})
