import { createHash } from 'node:crypto'
import type { SignInRules } from '@mianmi/core'
import { canStillSignIn } from '@mianmi/core'
import {
  type ImportDraft,
  type ImportedUser,
  type ImportOutcome,
  type UserTransferStore,
  uniqueValuesOf,
} from '@mianmi/core/transfer'
import type { HashBudget } from './hash-budget.ts'
import type { FileLine } from './read-lines.ts'
import { readUserLine } from './user-line.ts'

/** A line that did not simply create a user. */
export type LineReport = { readonly line: number } & (
  | { readonly status: 'invalid'; readonly problem: string }
  /** An earlier line of the file has the same value in this field. */
  | { readonly status: 'repeated'; readonly field: string; readonly earlierLine: number }
  /** An earlier line has the same unionid: two users of one WeChat. It is reported beside what becomes of the line. */
  | { readonly status: 'sharedUnionid'; readonly earlierLine: number }
  | Extract<ImportOutcome, { status: 'different' | 'taken' }>
)

/** How many lines had each outcome. */
export interface ImportTotals
  extends Record<ImportOutcome['status'] | 'invalid' | 'repeated', number> {
  readonly lines: number
  /** Lines with a unionid of an earlier line. */
  readonly sharedUnionid: number
  /** Users of the file, created or not, who cannot sign in with what the file has. */
  readonly withoutSignIn: number
  /** How much longer each check of a user's password takes, in ms on a common server, while accounts have imported hashes. */
  readonly checkMs: number
}

export interface ImportTools {
  readonly store: Pick<UserTransferStore, 'importUsers' | 'rehearse'>
  /** Bounds what the hashes of the file will cost. */
  readonly hashes: HashBudget
  readonly newId: () => string
  readonly now: () => number
  readonly rules: Omit<SignInRules, 'now'>
  /** Takes each line that needs attention, in the order of the file. */
  readonly report: (line: LineReport) => void
  /** Called after each batch. */
  readonly onProgress: (totals: ImportTotals) => void
}

/** Users of a transaction: a service beside this waits for as long as they take, some milliseconds. */
const batchSize = 200
/** Lines that wait to be reported with a batch. A file may have millions of which none is a user. */
const maxReports = 1_000

/**
 * Imports the users of a file, a batch at a time, or only reports what an import would do.
 *
 * @returns what became of the lines
 */
export async function importUsers(
  lines: AsyncIterable<FileLine>,
  { isRehearsal }: { isRehearsal: boolean },
  tools: ImportTools,
): Promise<ImportTotals> {
  const { store, report, hashes } = tools
  const counts = createCounts(hashes.checkMs)
  let reports: LineReport[] = []
  let batch: { line: number; draft: ImportDraft }[] = []
  const flush = async (): Promise<void> => {
    const drafts = batch.map(({ draft }) => draft)
    const outcomes = await (isRehearsal ? store.rehearse(drafts) : store.importUsers(drafts))
    for (const [index, outcome] of outcomes.entries()) {
      counts.add(outcome.status)
      const line = batch[index]?.line ?? 0
      if (outcome.status === 'different' || outcome.status === 'taken')
        reports.push({ line, ...outcome })
    }
    for (const line of reports.toSorted((one, other) => one.line - other.line)) report(line)
    batch = []
    reports = []
    tools.onProgress(counts.totals())
  }
  const read = createLineReader(tools)
  const findShared = createSharedUnionidFinder()
  for await (const line of lines) {
    const result = read(line)
    if ('status' in result) {
      counts.add(result.status)
      reports.push(result)
      if (reports.length >= maxReports) await flush()
      continue
    }
    const { user } = result
    const now = tools.now()
    if (!canSignIn(user, { ...tools.rules, now })) counts.increase('withoutSignIn')
    const earlierLine = findShared(user, line.number)
    if (earlierLine !== null) {
      counts.increase('sharedUnionid')
      reports.push({ line: line.number, status: 'sharedUnionid', earlierLine })
    }
    batch.push({ line: line.number, draft: { user, newId: tools.newId(), now } })
    if (batch.length >= batchSize) await flush()
  }
  await flush()
  return counts.totals()
}

/** Reads the lines of one file: the user of each, or why it is refused. */
function createLineReader({ hashes, now }: Pick<ImportTools, 'hashes' | 'now'>) {
  const findRepeated = createRepeatFinder()
  return (
    line: FileLine,
  ): { user: ImportedUser } | (LineReport & { status: 'invalid' | 'repeated' }) => {
    const read = 'problem' in line ? line : readUserLine(line.text, now())
    if ('problem' in read) return { line: line.number, status: 'invalid', problem: read.problem }
    const { user } = read
    const problem = user.passwordHash === null ? null : hashes.accept(user.passwordHash)
    if (problem !== null) return { line: line.number, status: 'invalid', problem }
    const repeated = findRepeated(user, line.number)
    return repeated === null ? read : { line: line.number, status: 'repeated', ...repeated }
  }
}

/** Counts of lines that are counted by their status, too. */
type BesideStatus = 'sharedUnionid' | 'withoutSignIn'

function createCounts(checkMs: () => number) {
  let totals: ImportTotals = {
    lines: 0,
    created: 0,
    unchanged: 0,
    different: 0,
    taken: 0,
    invalid: 0,
    repeated: 0,
    sharedUnionid: 0,
    withoutSignIn: 0,
    checkMs: 0,
  }
  return {
    totals: () => ({ ...totals, checkMs: checkMs() }),
    /** Counts a line, by what became of it. */
    add(status: Exclude<keyof ImportTotals, 'lines' | BesideStatus | 'checkMs'>) {
      totals = { ...totals, lines: totals.lines + 1, [status]: totals[status] + 1 }
    },
    increase(count: BesideStatus) {
      totals = { ...totals, [count]: totals[count] + 1 }
    },
  }
}

const canSignIn = (user: ImportedUser, rules: SignInRules): boolean =>
  canStillSignIn({ ...user, role: 'user' }, rules)

/**
 * Finds values that two lines of a file have, by a fingerprint of 53 bits each: of a million users' three million values two
 * share one by chance in 1 of 2,000 files, and a line is reported then that could have been imported.
 */
function createRepeatFinder() {
  const lineOf = new Map<number, number>()
  return (user: ImportedUser, line: number) => {
    const values = uniqueValuesOf(user).map(({ field, value }) => ({
      field,
      key: fingerprint(`${field} ${value}`),
    }))
    for (const { field, key } of values) {
      const earlierLine = lineOf.get(key)
      if (earlierLine !== undefined) return { field, earlierLine }
    }
    for (const { key } of values) lineOf.set(key, line)
    return null
  }
}

/** Finds lines with a unionid that a line before has. */
function createSharedUnionidFinder() {
  const lineOf = new Map<number, number>()
  return ({ identities }: ImportedUser, line: number): number | null => {
    const keys = identities.flatMap(({ unionid }) => (unionid === null ? [] : fingerprint(unionid)))
    const earlier = keys.map((key) => lineOf.get(key)).find((found) => found !== undefined)
    for (const key of keys) if (!lineOf.has(key)) lineOf.set(key, line)
    return earlier ?? null
  }
}

function fingerprint(text: string): number {
  const bytes = createHash('sha256').update(text).digest()
  return bytes.readUIntBE(0, 6) * 32 + (bytes.readUInt8(6) >> 3)
}
