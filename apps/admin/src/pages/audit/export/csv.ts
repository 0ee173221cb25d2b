import { unparse } from 'papaparse'
import type { AdminOutput } from '../../../service/trpc-client.ts'

type AuditEntry = AdminOutput['audit']['list']['items'][number]

/** Names of action and outcome codes in the language of the console. */
export interface CodeNames {
  /** The name of an action; its code if it is unknown. */
  action(code: string): string
  /** The name of an outcome; its code if it is unknown. */
  outcome(code: string): string
}

/** Without it Excel reads the file in the system's legacy encoding. */
export const byteOrderMark = '\uFEFF'

/**
 * CSV rows with the line ends of RFC 4180. A field that a spreadsheet would run as a formula is prefixed with an
 * apostrophe.
 */
export function csvRows(rows: readonly (readonly unknown[])[]): string {
  return `${unparse([...rows] as unknown[][], { escapeFormulae: true, newline: '\r\n' })}\r\n`
}

export function csvFields(entry: AuditEntry, names: CodeNames): readonly unknown[] {
  const { id, at, action, outcome, userId, operatorId, appId, address, device, count } = entry
  const origin = [userId, operatorId, appId, address, device, count]
  return [id, at, action, names.action(action), outcome, names.outcome(outcome), ...origin]
}
