import { unparse } from 'papaparse'

/** Without it Excel reads the file in the system's legacy encoding. */
export const byteOrderMark = '\uFEFF'

/**
 * CSV rows with the line ends of RFC 4180. A field that a spreadsheet would run as a formula is prefixed with an
 * apostrophe.
 */
export function csvRows(rows: readonly (readonly unknown[])[]): string {
  return `${unparse([...rows] as unknown[][], { escapeFormulae: true, newline: '\r\n' })}\r\n`
}
