import type { AdminInput, AdminOutput } from '../../../service/trpc-client.ts'
import { toLocalTime } from '../local-time.ts'
import { byteOrderMark, type CodeNames, csvFields, csvRows } from './csv.ts'

type Filter = AdminInput['audit']['count']

/** Where the lines come from: the service, or a test. */
export interface AuditSource {
  count(filter: Filter, signal: AbortSignal): Promise<AdminOutput['audit']['count']>
  list(
    query: AdminInput['audit']['list'],
    signal: AbortSignal,
  ): Promise<AdminOutput['audit']['list']>
}

interface AuditExportOptions {
  readonly source: AuditSource
  readonly filter: Filter
  readonly words: CodeNames
  readonly header: readonly string[]
  readonly signal: AbortSignal
  /** After counting and after each page. */
  readonly onProgress: (done: number, total: number) => void
}

export interface ExportedFile {
  readonly file: Blob
  readonly name: string
  readonly count: number
}

/** The most lines that the service gives at once. */
const limit = 500

/** Reads every line that fits, a page at a time. Lines written from now on, such as this export's own, are left out. */
export async function exportAudit(parts: AuditExportOptions): Promise<ExportedFile> {
  const { source, words, signal, onProgress } = parts
  const to = parts.filter.to ?? new Date().toISOString()
  const filter = { ...parts.filter, to }
  const { count: total } = await source.count(filter, signal)
  onProgress(0, total)

  const pieces = [byteOrderMark, csvRows([parts.header])]
  let count = 0
  let oldest = to
  let cursor: string | undefined
  do {
    const page = await source.list({ ...filter, cursor, limit }, signal)
    signal.throwIfAborted()
    if (page.items.length > 0)
      pieces.push(csvRows(page.items.map((line) => csvFields(line, words))))
    count += page.items.length
    oldest = page.items.at(-1)?.at ?? oldest
    cursor = page.next ?? undefined
    onProgress(count, Math.max(count, total))
  } while (cursor !== undefined)

  const file = new Blob(pieces, { type: 'text/csv;charset=utf-8' })
  return { file, name: nameOf(parts.filter.from ?? oldest, to), count }
}

/** Days as the operator counts them. */
function nameOf(from: string, to: string): string {
  const day = (at: string) => toLocalTime(at).slice(0, 'YYYY-MM-DD'.length).replaceAll('-', '')
  return `audit-${day(from)}-${day(to)}.csv`
}
