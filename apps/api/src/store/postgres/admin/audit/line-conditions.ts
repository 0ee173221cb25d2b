import type { AuditKind } from '@mianmi/core'
import type { AuditQuery } from '@mianmi/core/admin'

/** A query of the audit log without its page. `userId` and `adminId` are those of the lines. */
export type Filters = Omit<AuditQuery, 'cursor' | 'limit'>

export interface LineConditions {
  /** The condition whose index has the fewest rows to scan, and its parameters, which come first. */
  readonly scanned: string
  readonly scannedValues: readonly (string | number)[]
  /** What is checked on each of these rows, beginning with ` and `; empty for nothing. */
  readonly checked: string
  /** The parameters of both. */
  readonly values: readonly (string | number)[]
}

type Condition = readonly [sql: (parameter: string) => string, value: string | number]

/**
 * Chooses the index. Nearly all lines are successful sign-ins, which two of the indexes omit (partial indexes): those are
 * scanned by time.
 *
 * @param position the row after which the scan begins; null for the newest row
 */
export function chooseConditions(
  { from, to, action, outcome, userId, adminId }: Filters,
  kind: AuditKind,
  position: { readonly at: number; readonly id: number } | null,
): LineConditions {
  const isScanned: Condition[] = [
    ...is('user_id', userId),
    ...is('operator_id', adminId),
    ...(action === 'sign_in' ? [] : is('action', action, " and action <> 'sign_in'")),
    ...(outcome === 'ok' ? [] : is('outcome', outcome, " and outcome <> 'ok'")),
  ]
  const isChecked: Condition[] = [
    ...(action === 'sign_in' ? is('action', action) : []),
    ...(outcome === 'ok' ? is('outcome', outcome) : []),
  ]
  const [first, ...others] = isScanned
  const range: Condition[] = [
    ...(from === undefined ? [] : [[(p: string) => `at >= ${p}`, from] as const]),
    ...(to === undefined ? [] : [[(p: string) => `at < ${p}`, to] as const]),
  ]
  // An action is of one kind, which its index does not have.
  const usesAction =
    userId === undefined && adminId === undefined && action !== undefined && action !== 'sign_in'
  const values: (string | number)[] = []
  const write = (conditions: readonly Condition[]): string[] =>
    conditions.map(([sql, value]) => sql(`$${values.push(value)}`))
  const scanned = [
    ...(usesAction ? [] : [`is_read = ${kind === 'read' ? 1 : 0}`]),
    ...write([...(first === undefined ? [] : [first]), ...range]),
    ...(position === null
      ? []
      : [`(at, id) < ($${values.push(position.at)}, $${values.push(position.id)})`]),
  ]
  const scannedValues = [...values]
  const checked = write([...others, ...isChecked])
  return {
    scanned: scanned.join(' and '),
    scannedValues,
    checked: checked.map((condition) => ` and ${condition}`).join(''),
    values,
  }
}

const is = (column: string, value: string | undefined, more = ''): Condition[] =>
  value === undefined ? [] : [[(parameter) => `${column} = ${parameter}${more}`, value]]
