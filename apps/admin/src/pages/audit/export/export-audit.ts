import { byteOrderMark, csvRows } from '../../../csv.ts'
import type { AdminInput, AdminOutput } from '../../../service/trpc-client.ts'
import { localDay } from '../local-day.ts'
import { type CodeNames, csvFields } from './csv-fields.ts'

type Filter = AdminInput['audit']['count']

/** Where the entries come from: the service, or a test. */
export interface AuditSource {
  /** The number of entries that match. */
  count(filter: Filter, signal: AbortSignal): Promise<AdminOutput['audit']['count']>
  /** One page of entries, newest first. */
  list(
    query: AdminInput['audit']['list'],
    signal: AbortSignal,
  ): Promise<AdminOutput['audit']['list']>
}

interface AuditExportOptions {
  readonly source: AuditSource
  readonly filter: Filter
  readonly names: CodeNames
  /** Column headings. */
  readonly header: readonly string[]
  /** Cancels the export. */
  readonly signal: AbortSignal
  /** Called after counting and after each page. */
  readonly onProgress: (done: number, total: number) => void
}

export interface ExportedFile {
  /** UTF-8 with a byte order mark. */
  readonly file: Blob
  /** File name with the range of days. */
  readonly name: string
  /** Number of entries. */
  readonly count: number
}

/** The largest page that the service returns. */
const limit = 500

/**
 * Reads all entries that match the filter, page by page, into a CSV file. Without an end time it stops at now, so
 * that entries written during the export, such as its own queries, are left out.
 * Throws the signal's reason when cancelled, and what the source throws.
 */
export async function exportAudit(options: AuditExportOptions): Promise<ExportedFile> {
  const { source, names, signal, onProgress } = options
  const to = options.filter.to ?? new Date().toISOString()
  const filter = { ...options.filter, to }
  const { count: total } = await source.count(filter, signal)
  onProgress(0, total)

  const chunks = [byteOrderMark, csvRows([options.header])]
  let count = 0
  let oldest = to
  let cursor: string | undefined
  do {
    const page = await source.list({ ...filter, cursor, limit }, signal)
    signal.throwIfAborted()
    if (page.items.length > 0)
      chunks.push(csvRows(page.items.map((entry) => csvFields(entry, names))))
    count += page.items.length
    oldest = page.items.at(-1)?.at ?? oldest
    cursor = page.next ?? undefined
    onProgress(count, Math.max(count, total))
  } while (cursor !== undefined)

  const file = new Blob(chunks, { type: 'text/csv;charset=utf-8' })
  return { file, name: fileNameOf(options.filter.from ?? oldest, to), count }
}

/** The range in days of the browser's time zone. */
function fileNameOf(from: string, to: string): string {
  const day = (at: string) => localDay(at).replaceAll('-', '')
  return `audit-${day(from)}-${day(to)}.csv`
}
