import { unparse } from 'papaparse'
import type { AdminOutput } from '../../../service/trpc-client.ts'

type AuditEntry = AdminOutput['audit']['list']['items'][number]

export interface CodeNames {
  action(code: string): string
  outcome(code: string): string
}

/** Excel takes a file without it for one in the system's old encoding. */
export const byteOrderMark = '\uFEFF'

/** Rows end as RFC 4180 wants it; a field that a spreadsheet would run as a formula begins with an apostrophe. */
export function csvRows(rows: readonly (readonly unknown[])[]): string {
  return `${unparse([...rows] as unknown[][], { escapeFormulae: true, newline: '\r\n' })}\r\n`
}

export function csvFields(line: AuditEntry, words: CodeNames): readonly unknown[] {
  const { id, at, action, outcome, userId, operatorId, appId, address, device } = line
  const who = [userId, operatorId, appId, address, device]
  return [id, at, action, words.action(action), outcome, words.outcome(outcome), ...who]
}
