import pg from 'pg'
import { vi } from 'vitest'

/** Tables that grow with the users, their sign-ins and their calls. */
const growing = [
  ...['audit_events', 'audit_removed_subjects', 'audit_subjects', 'codes', 'identities', 'limits'],
  ...['sessions', 'tickets', 'unbindings', 'unionid_conflicts', 'users', 'webhook_deliveries'],
  'webhook_outbox',
]

/** Its index has the administrators only. */
const small = ['users_admins']

/** The statements that the stores of this process send from now on. */
export function recordStatements(): ReadonlySet<string> {
  const texts = new Set<string>()
  const { query } = pg.Client.prototype
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...parameters: unknown[]
  ) {
    const [statement] = parameters
    if (typeof statement === 'object' && statement !== null && 'text' in statement)
      texts.add(String(statement.text))
    return Reflect.apply(query, this, parameters)
  } as typeof query)
  return texts
}

interface PlanStep {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Cond'?: string
  readonly 'Index Name'?: string
  readonly Plans?: readonly PlanStep[]
}

/**
 * Returns the statements for which PostgreSQL has to read every row of a growing table: where no index serves, however
 * much a sequential scan costs. Statements are planned without their values, as those are that are used often.
 */
export async function findScans(
  client: pg.ClientBase,
  texts: Iterable<string>,
): Promise<{ readonly text: string; readonly steps: readonly string[] }[]> {
  // Without rows a merge of two whole indexes costs no more than a look-up for each row.
  const settings = ['plan_cache_mode = force_generic_plan', 'enable_seqscan = off']
  for (const method of ['mergejoin', 'hashjoin']) settings.push(`enable_${method} = off`)
  await client.query(settings.map((setting) => `set ${setting}`).join(';'))
  const found = []
  for (const text of texts) {
    if (!/^\s*(select|insert|update|delete|with)\b/i.test(text)) continue
    await client.query(`prepare planned as ${text}`)
    const { rows } = await client.query<{ count: number }>(
      `select cardinality(parameter_types) as count from pg_prepared_statements where name = 'planned'`,
    )
    const nulls = Array.from({ length: rows[0]?.count ?? 0 }, () => 'null').join(', ')
    const explained = await client.query<{ 'QUERY PLAN': [{ Plan: PlanStep }] }>(
      `explain (format json) execute planned${nulls === '' ? '' : `(${nulls})`}`,
    )
    await client.query('deallocate planned')
    const steps = explained.rows.flatMap((row) => scansIn(row['QUERY PLAN'][0].Plan, false))
    if (steps.length > 0) found.push({ text, steps })
  }
  return found
}

/** @param isLimited whether a step above takes some rows only, in the order of an index */
function scansIn(step: PlanStep, isLimited: boolean): string[] {
  const { 'Node Type': type, 'Relation Name': table = '', 'Index Cond': condition } = step
  const readsAll =
    type === 'Seq Scan' ||
    (/^Index (Only )?Scan/.test(type) && condition === undefined && !isLimited)
  const isSmall = small.includes(step['Index Name'] ?? '')
  const own = readsAll && growing.includes(table) && !isSmall ? [`${type} on ${table}`] : []
  const isBelowLimit = type === 'Limit' || (isLimited && type !== 'Sort' && type !== 'Aggregate')
  return [...own, ...(step.Plans ?? []).flatMap((each) => scansIn(each, isBelowLimit))]
}
