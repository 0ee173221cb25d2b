import { adminActions } from '../../audit/audit-log.ts'
import type { AdminService } from '../admin.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { readSearch } from './read-search.ts'

/** Pages of people for a file, larger than those of the list, with masked or with full phone numbers. */
export function exportPeople(
  ports: Pick<AdminPorts, 'people' | 'audit' | 'now'>,
): Pick<AdminService, 'exportPeople' | 'exportPhones'> {
  const { people, audit, now } = ports
  const page: AdminService['exportPeople'] = (_actor, { search, ...query }) =>
    people.list({ ...query, search: search === undefined ? null : readSearch(search) })
  return {
    exportPeople: page,
    async exportPhones(actor, query) {
      const { items, next } = await page(actor, query)
      const phones = await people.phonesOf(items.map(({ id }) => id))
      const { administrator, origin } = actor
      // Each user whose number is shown has the line of a number that was shown alone.
      for (const userId of phones.keys()) {
        const line = { action: adminActions.revealPhone, outcome: 'ok', userId } as const
        audit.record({ at: now(), ...line, adminId: administrator.id, appId: null, origin })
      }
      return { items: items.map((item) => ({ ...item, phone: phones.get(item.id) ?? null })), next }
    },
  }
}
