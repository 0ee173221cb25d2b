import { MoveError } from './move-error.ts'
import type { MovedTable, MoveSource, MoveTarget } from './moved-table.ts'
import { createRowDigest, encodeRow, type TableDigest } from './row-digest.ts'

/** Upper limits of what is sent at once. A row has a few hundred characters, and one with an avatar up to a million. */
const maxRows = 2_000
const maxCharacters = 4_000_000

export interface MoveProgress {
  readonly step: 'copied' | 'compared'
  readonly table: string
  readonly rows: number
}

export type OnProgress = (progress: MoveProgress) => void

export interface MovedRows extends TableDigest {
  readonly table: string
}

/**
 * Copies every table, reads the copy back, and compares counts and checksums. The caller commits the target afterwards.
 *
 * @throws MoveError when a copied table differs; Error when the two databases do not have the same tables
 */
export async function moveTables(
  source: MoveSource,
  target: MoveTarget,
  onProgress: OnProgress,
): Promise<MovedRows[]> {
  requireSameTables(source, target)
  const copied: MovedRows[] = []
  for (const table of target.tables) {
    const digest = await copyTable({ source, target, onProgress }, table)
    copied.push({ table: table.name, ...digest })
  }
  for (const [index, table] of target.tables.entries()) {
    const found = await readBack({ target, onProgress }, table)
    const { count, checksum } = copied[index] ?? { count: 0, checksum: '' }
    if (found.count !== count || found.checksum !== checksum)
      throw new MoveError(
        `the copy of the table ${table.name} differs: ${count} rows with the checksum ${checksum} were read, ${found.count} with ${found.checksum} were written`,
      )
  }
  return copied
}

/** A table or a column that the move does not know would be lost. */
function requireSameTables({ tables }: MoveSource, target: MoveTarget): void {
  const known = new Map(target.tables.map(({ name, columns }) => [name, columns]))
  for (const name of new Set([...tables.keys(), ...known.keys()])) {
    const [from, to] = [tables.get(name) ?? [], known.get(name) ?? []]
    if ([...from].sort().join() !== [...to].sort().join())
      throw new Error(`the table ${name} differs: ${from.join()} in SQLite, ${to.join()} here`)
  }
}

async function copyTable(
  {
    source,
    target,
    onProgress,
  }: { source: MoveSource; target: MoveTarget; onProgress: OnProgress },
  table: MovedTable,
): Promise<TableDigest> {
  const digest = createRowDigest()
  let [rows, characters, copied] = [[] as string[], 0, 0]
  const send = async (): Promise<void> => {
    if (rows.length === 0) return
    await target.insert(table, rows)
    copied += rows.length
    onProgress({ step: 'copied', table: table.name, rows: copied })
    rows = []
    characters = 0
  }
  for (const row of source.rows(table)) {
    const encoded = encodeRow(table.columns, row)
    digest.add(encoded)
    rows.push(encoded)
    characters += encoded.length
    if (rows.length >= maxRows || characters >= maxCharacters) await send()
  }
  await send()
  await target.complete(table)
  return digest.end()
}

async function readBack(
  { target, onProgress }: { target: MoveTarget; onProgress: OnProgress },
  table: MovedTable,
): Promise<TableDigest> {
  const digest = createRowDigest()
  let rows = 0
  for await (const row of target.rows(table)) {
    digest.add(encodeRow(table.columns, row))
    rows += 1
    if (rows % maxRows === 0) onProgress({ step: 'compared', table: table.name, rows })
  }
  return digest.end()
}
