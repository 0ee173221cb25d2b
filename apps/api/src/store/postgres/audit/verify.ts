import type { AuditKeySealer } from '../../../tokens/audit-key-sealer.ts'
import { type ChainKey, type ChainRow, chainId, openChainKey } from '../../audit/chain-key.ts'
import {
  createLineVerifier,
  faultOfSubject,
  nothingVerified,
  type StoredLine,
  type StoredSubject,
} from '../../audit/verify-lines.ts'
import type { AuditFault, AuditVerification } from '../../store.ts'
import type { Queries } from '../connection/index.ts'
import { lineColumns } from './chain.ts'
import { chainColumns, wasChained } from './chain-record.ts'

const pageSize = 2_000
/** How often the check begins again because expired lines were deleted meanwhile. */
const maxStarts = 10

/**
 * Checks the chain from its oldest line to its newest, while nodes add to it. No long transaction is needed, which would
 * keep the database from cleaning up: lines do not change, each page is read in one snapshot with the row of the chain,
 * and the newest state is that of the last page. Where expired lines were deleted before they were read, the check begins
 * again.
 */
export async function verifyChain(
  reads: Queries,
  sealer: AuditKeySealer,
): Promise<AuditVerification> {
  for (let start = 1; ; start++) {
    const first = await readPage(reads, null)
    if (first === null) return verifyWithoutChain(reads, sealer)
    const chain = openChainKey(sealer, first.chain.sealedKey)
    const { verified, anchorId } = await verifyLines(reads, first, chain)
    if (verified.fault === null) return { ...verified, fault: await findSubject(reads, chain) }
    if (anchorId === first.chain.anchorId || start === maxStarts) return verified
  }
}

async function verifyWithoutChain(
  reads: Queries,
  sealer: AuditKeySealer,
): Promise<AuditVerification> {
  const lines = await reads.first<{ all: number; chained: number }>(
    'select count(*) as all, count(mac) as chained from audit_events',
  )
  if ((lines?.chained ?? 0) > 0 || (await wasChained(reads, sealer)))
    return { ...nothingVerified, fault: { kind: 'no_chain' } }
  return { ...nothingVerified, earlier: lines?.all ?? 0 }
}

/** Lines with the row of the chain, as they were at one moment. */
interface Page {
  readonly chain: ChainRow
  readonly lines: readonly StoredLine[]
}

/** The lines after one; null for the first page. Null where there is no chain. */
async function readPage(reads: Queries, after: number | null): Promise<Page | null> {
  const rows = await (after === null
    ? reads.all<PageRow>(firstPage, [pageSize])
    : reads.all<PageRow>(nextPage, [pageSize, after]))
  const [first] = rows
  if (first === undefined) return null
  return { chain: first, lines: rows.filter((row): row is PageRow & StoredLine => row.id !== null) }
}

type PageRow = ChainRow & (StoredLine | { readonly id: null })

const selectPage = (condition: string): string =>
  `select ${chainColumns}, e.* from audit_chain c left join lateral (
     select ${lineColumns}, mac from audit_events where ${condition} order by id limit $1
   ) e on true where c.id = ${chainId} order by e.id`
// Without a lower bound, so that a line below those of the chain is found too.
const firstPage = selectPage('true')
const nextPage = selectPage('id > $2')

async function verifyLines(
  reads: Queries,
  first: Page,
  key: ChainKey,
): Promise<{ readonly verified: AuditVerification; readonly anchorId: number }> {
  const chain = { ...first.chain }
  const verifier = createLineVerifier(chain, key)
  for (let page = first; ; ) {
    const { headId, headState, anchorId } = page.chain
    Object.assign(chain, { headId, headState })
    const follows = page.lines.every((line) => verifier.next(line))
    if (!follows || page.lines.length < pageSize) return { verified: verifier.end(), anchorId }
    const next = await readPage(reads, page.lines.at(-1)?.id ?? 0)
    if (next === null) throw new Error('the table audit_chain has lost its row')
    page = next
  }
}

/** The first pseudonym whose MAC is not over its user. */
async function findSubject(reads: Queries, { key }: ChainKey): Promise<AuditFault | null> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const subjects: StoredSubject[] = await reads.all<StoredSubject>(
      `select user_id as "userId", pseudonym, mac from audit_subjects where user_id > $1
       order by user_id limit $2`,
      [after, pageSize],
    )
    for (const subject of subjects) {
      const fault = faultOfSubject(subject, key)
      if (fault !== null) return fault
    }
    after = subjects.at(-1)?.userId
  }
  return null
}
