import type { PeopleFilter } from '@mianmi/core/admin'
import { describe, expect, it } from 'vitest'
import { openAdminStores } from '../stores.ts'

/** What SQLite adds to the conformance suite: a bound on the rows that one page looks at. */
describe('the SQLite store of people', () => {
  const wanted: PeopleFilter = { search: null, appId: 'wx1', limit: 100 }

  it('looks at a bounded number of rows for one page, and goes on from there', async () => {
    const { database, people } = openAdminStores()
    database.writeNow(() =>
      database.sqlite.exec(`
        insert into users (id, nickname, disabled_at, created_at)
          with recursive n(i) as (select 0 union all select i + 1 from n where i < 5099)
          select printf('u%05d', i), iif(i = 0, 'Needle', 'Hay'), 1, i from n;
        insert into identities (app_id, openid, user_id, bound_at, sealed_key, key_fingerprint)
          select 'wx1', id, id, created_at, '', '' from users`),
    )
    const pages = async (filter: PeopleFilter) => {
      const found: string[][] = []
      let cursor: string | undefined
      do {
        const { items, next } = await people.list({ ...filter, cursor })
        found.push(items.map(({ id }) => id))
        cursor = next ?? undefined
      } while (cursor !== undefined)
      return found
    }
    const search = { text: 'h', accountKey: 'h', phone: null, phoneEnd: null }
    expect((await pages({ ...wanted, status: 'disabled', search })).flat()).toHaveLength(5_099)
    expect(await pages({ ...wanted, status: 'active' })).toEqual([[], []])
  })

  it('refuses a cursor of other filters, or without all of its parts', async () => {
    const { people } = openAdminStores()
    const made = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url')
    for (const cursor of [made([]), made(['disabled', 1, 'a']), made(['everyone', 1])])
      await expect(people.list({ ...wanted, cursor })).rejects.toMatchObject({
        reason: 'invalid_input',
      })
  })
})
