import { expect, it } from 'vitest'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { describeConformance } from './describe-conformance.ts'
import { openClient } from './nodes.ts'
import { findScans, recordStatements } from './statement-plans.ts'

/** Statements that may read a whole table, by a part of their text, with the reason. */
const accepted = [
  [
    'select hash from tickets where used_by',
    'tickets live for minutes; only the removal of a user',
  ],
  [
    '(select count(*) from users where merged_into is null) as users',
    'the numbers of the overview',
  ],
  ['where position(n.id in events) > 0', 'what waits for the fan-out, for a moment'],
] as const

describePostgres('the PostgreSQL store', () => {
  const statements = recordStatements()
  describeConformance((url) => url)

  it('has an index for every statement that reads a growing table', async () => {
    const client = await openClient(await createTestDatabase())
    const found = await findScans(client, statements)
    const isAccepted = (text: string) => accepted.some(([part]) => text.includes(part))
    expect(found.filter(({ text }) => !isAccepted(text))).toEqual([])
    // With `-t` only some of the suite runs.
    if (statements.size < 200) return
    for (const [part] of accepted)
      expect(found.map(({ text }) => text)).toContainEqual(expect.stringContaining(part))
  })
})
