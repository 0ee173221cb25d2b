import { byteOrderMark, csvRows } from '../../../../csv.ts'
import type { AdminInput, AdminOutput } from '../../../../service/trpc-client.ts'

type Query = AdminInput['people']['export']
type Person = AdminOutput['people']['export']['items'][number]

interface PeopleExportOptions {
  /** One page of people: of the service, with masked or with full numbers; or of a test. */
  readonly read: (query: Query, signal: AbortSignal) => Promise<AdminOutput['people']['export']>
  readonly filter: Omit<Query, 'cursor' | 'limit'>
  /** Column headings, in the order of `fieldsOf`. */
  readonly header: readonly string[]
  readonly appName: (appId: string) => string
  /** Cancels the export. */
  readonly signal: AbortSignal
  /** Called after each page with the number of people so far. */
  readonly onProgress: (done: number) => void
}

/**
 * Reads all people that match the filter, page by page, into a CSV file. Throws the signal's reason when cancelled, and
 * what `read` throws.
 */
export async function exportPeople(
  options: PeopleExportOptions,
): Promise<{ readonly file: Blob; readonly count: number }> {
  const { read, filter, appName, signal, onProgress } = options
  const chunks = [byteOrderMark, csvRows([options.header])]
  let count = 0
  let cursor: string | undefined
  do {
    const page = await read({ ...filter, cursor, limit: 500 }, signal)
    signal.throwIfAborted()
    if (page.items.length > 0)
      chunks.push(csvRows(page.items.map((person) => fieldsOf(person, appName))))
    count += page.items.length
    cursor = page.next ?? undefined
    onProgress(count)
  } while (cursor !== undefined)
  return { file: new Blob(chunks, { type: 'text/csv;charset=utf-8' }), count }
}

function fieldsOf(person: Person, appName: (appId: string) => string): readonly unknown[] {
  const { id, account, nickname, phone, externalId, role, appIds } = person
  const { createdAt, lastSeenAt, disabledAt } = person
  const apps = appIds.map(appName).join(' / ')
  return [id, account, nickname, phone, externalId, role, apps, createdAt, lastSeenAt, disabledAt]
}
