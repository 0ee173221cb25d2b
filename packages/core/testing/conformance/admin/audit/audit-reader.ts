import { describe, expect, it } from 'vitest'
import type { AuditQuery } from '../../../../src/admin/index.ts'
import { type AuditEvent, auditKindOf } from '../../../../src/index.ts'
import { now } from '../../drafts.ts'
import type { MakeStores, TestedStores } from '../../stores.ts'

type Line = Partial<Pick<AuditEvent, 'at' | 'action' | 'outcome' | 'userId' | 'adminId'>>

/** Stores whose audit log has these lines. The first recorded line comes first. */
async function openLog(make: MakeStores, lines: readonly Line[]) {
  const stores = await make()
  for (const line of lines)
    stores.audit.record({
      at: now,
      action: 'sign_in',
      outcome: 'ok',
      userId: null,
      appId: 'wx1',
      origin: null,
      ...line,
    })
  return stores
}

/** The index of each line that is found, over all pages. */
async function indexesOf(
  { auditReader }: TestedStores,
  query: AuditQuery,
  { limit = 3, cursor }: { limit?: number; cursor?: string } = {},
): Promise<number[]> {
  const indexes: number[] = []
  let page: string | undefined = cursor
  do {
    const { items, next } = await auditReader.list({ ...query, limit, cursor: page })
    indexes.push(...items.map(({ id }) => id - 1))
    page = next ?? undefined
  } while (page !== undefined)
  return indexes
}

const actions = ['sign_in', 'sign_in', 'bind', 'admin.people.view'] as const
const outcomes = ['ok', 'unbound', 'credential_rejected'] as const

export function describeAuditReader(make: MakeStores): void {
  describe('the audit reader', () => {
    it('applies any filters together, newest first, and counts the same lines', async () => {
      const lines = Array.from({ length: 120 }, (_, index) => ({
        at: now + Math.floor(index / 4),
        action: actions[index % 4] ?? 'bind',
        outcome: outcomes[index % 3] ?? 'ok',
        userId: `u${index % 5}`,
        adminId: index % 4 === 3 ? `o${index % 7}` : null,
      }))
      const stores = await openLog(make, lines)
      for (const query of queries()) {
        const { from = 0, to = Number.POSITIVE_INFINITY, kind, ...values } = query
        const expected = lines.flatMap((line, index) => {
          const isInTime = line.at >= from && line.at < to
          const isSame = Object.entries(values).every(
            ([name, value]) => line[name as keyof typeof line] === value,
          )
          const isOfKind = kind === undefined || auditKindOf(line.action) === kind
          return isInTime && isSame && isOfKind ? [index] : []
        })
        const title = JSON.stringify(query)
        expect(await indexesOf(stores, query, { limit: 50 }), title).toEqual(expected.reverse())
        expect(await stores.auditReader.count(query), title).toBe(expected.length)
      }
    })

    it('returns every line once by pages, also where many have one time', async () => {
      const lines = Array.from({ length: 20 }, (_, index) => ({ at: now + Math.floor(index / 9) }))
      const stores = await openLog(make, lines)
      const all = Array.from({ length: 20 }, (_, index) => 19 - index)
      expect(await indexesOf(stores, {})).toEqual(all)
      expect(await indexesOf(stores, {}, { limit: 20 })).toEqual(all)
      expect((await stores.auditReader.list({ limit: 20 })).next).toBeNull()
    })

    it('sorts by time where the clock was set back', async () => {
      const stores = await openLog(make, [{ at: now }, { at: now - 50 }, { at: now - 10 }])
      expect(await indexesOf(stores, {}, { limit: 1 })).toEqual([0, 2, 1])
      expect(await indexesOf(stores, { from: now - 20, to: now }, { limit: 1 })).toEqual([2])
    })

    it('goes on behind the last page where lines came since', async () => {
      const stores = await openLog(make, [{ at: now }, { at: now + 1 }, { at: now + 2 }])
      const { next } = await stores.auditReader.list({ limit: 1 })
      const event = { at: now + 3, action: 'bind', outcome: 'ok', appId: null } as const
      stores.audit.record({ ...event, userId: null, origin: null })
      expect(await indexesOf(stores, {}, { limit: 1, cursor: next ?? '' })).toEqual([1, 0])
    })

    it('refuses a cursor that it did not make', async () => {
      const { auditReader } = await openLog(make, [{}])
      for (const cursor of ['', 'nonsense', '{}', '[1]', '["a",1]', 'WzFd'])
        await expect(auditReader.list({ cursor, limit: 1 })).rejects.toMatchObject({
          reason: 'invalid_input',
        })
    })
  })
}

/** Every combination of a time, a kind, an action, an outcome, and a user or an administrator. */
function* queries(): Generator<AuditQuery> {
  const times = [{}, { from: now + 10 }, { to: now + 20 }, { from: now + 10, to: now + 20 }]
  const subjects = [{}, { userId: 'u1' }, { adminId: 'o3' }]
  for (const time of times)
    for (const action of [undefined, ...actions])
      for (const outcome of [undefined, ...outcomes])
        for (const subject of subjects)
          for (const kind of [undefined, 'change', 'read'] as const)
            yield {
              ...time,
              ...subject,
              ...(action === undefined ? {} : { action }),
              ...(outcome === undefined ? {} : { outcome }),
              ...(kind === undefined ? {} : { kind }),
            }
}
