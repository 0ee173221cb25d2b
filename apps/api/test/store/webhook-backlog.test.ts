import { describe, expect, it } from 'vitest'
import { mostDeliveries } from '../../src/store/sqlite/webhooks/fan-out.ts'
import { openTestDatabase, storeOf } from '../database.ts'
import { addWebhooks, backlogConforms, endedSessions, insertRow } from './webhook-backlog.ts'

function open() {
  const { database } = openTestDatabase()
  const query = async (text: string) => {
    const statement = database.sqlite.prepare<[], Record<string, unknown>>(text)
    if (statement.reader) return statement.all()
    statement.run()
    return []
  }
  return { database, query, stores: storeOf(database) }
}

describe('the backlog of webhooks on SQLite', () => {
  backlogConforms(async () => open())

  it('no commit makes more deliveries than may block the event loop, however many a row has', async () => {
    const { database, query } = open()
    const count = database.sqlite.prepare('select count(*) from webhook_deliveries').pluck()
    const sizes = [0]
    const watched =
      <T>(write: (work: () => T) => Promise<T>) =>
      async (work: () => T): Promise<T> => {
        const result = await write(work)
        sizes.push(Number(count.get()))
        return result
      }
    const { write, writeLater } = database
    const stores = storeOf({
      ...database,
      write: watched(write) as typeof write,
      writeLater: watched(writeLater) as typeof write,
    })
    await addWebhooks({ stores }, 20)
    for (const id of [1, 2]) await query(insertRow(id, endedSessions(`u${id}`, 100)))
    await stores.webhookDeliveries.fanOut()
    const parts = sizes.map((size, index) => size - (sizes[index - 1] ?? 0))
    expect(sizes.at(-1)).toBe(4_000)
    expect(Math.max(...parts)).toBe(mostDeliveries)
  })
})
