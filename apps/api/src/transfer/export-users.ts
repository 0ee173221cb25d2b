import type { UserTransferStore } from '@mianmi/core/transfer'
import { writeUserLine } from './user-line.ts'

const pageSize = 500

/** Lines of an export, page by page. Users who are created meanwhile may be missing. */
export async function* exportLines(
  store: Pick<UserTransferStore, 'exportUsers'>,
  { withPhone }: { withPhone: boolean },
): AsyncGenerator<string> {
  let after: string | null = null
  for (;;) {
    const users = await store.exportUsers({ after, count: pageSize, withPhone })
    if (users.length === 0) return
    for (const user of users) yield `${writeUserLine(user)}\n`
    after = users.at(-1)?.id ?? null
  }
}
