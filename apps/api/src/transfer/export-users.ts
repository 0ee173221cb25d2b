import type { UserTransferStore } from '@mianmi/core/transfer'
import { writeUserLine } from './user-line.ts'

const pageSize = 500

/** Lines of an export, with all users as they are when it begins. */
export async function* exportLines(
  store: Pick<UserTransferStore, 'exportUsers'>,
  { withPhone }: { withPhone: boolean },
): AsyncGenerator<string> {
  for await (const users of store.exportUsers({ pageSize, withPhone }))
    for (const user of users) yield `${writeUserLine(user)}\n`
}
