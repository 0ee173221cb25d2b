import type { World } from '../world/world.ts'
import type { Invariant } from './invariant.ts'

/** What may still name a user who was deleted: the audit log, the events that tell of it, and counted guesses until they expire. */
const mayRemember = [
  'auditLines',
  'pseudonyms',
  'removedPseudonyms',
  'dailyCounts',
  'deliveries',
  'outbox',
  'limits',
]

export const deletedLeavesNothing: Invariant = {
  name: 'deleted-leaves-nothing',
  sentence:
    'Of a user who is deleted nothing is left but the audit log and the events that tell of the deletion: no identity, unbinding, session, ticket, conflict, merge, note or picture.',
  sees: 'after',
  watch(world, fail) {
    const { model } = world.oracle
    let checked = 0
    return {
      stored(name) {
        if (model.removed.size === checked) return
        const removed = [...model.removed.keys()].slice(checked)
        checked = model.removed.size
        const table = removed.map((id) => tableThatNames(world, id)).find(Boolean)
        if (table !== undefined) fail(`${name} deleted a user and left a row in ${table}`)
      },
    }
  },
}

interface Row {
  readonly moved?: unknown
}

/** What a merge of two others has moved may name a third user, for a day: its undo looks whether that user is there. */
const names = ({ moved: _, ...row }: Row, id: string): boolean => JSON.stringify(row).includes(id)

function tableThatNames({ store }: World, id: string): string | undefined {
  const tables = Object.entries(store.state as unknown as Record<string, unknown>)
  const found = tables.find(
    ([name, rows]) =>
      rows instanceof Map &&
      !mayRemember.includes(name) &&
      [...(rows as Map<unknown, Row>)].some(
        ([key, row]) => String(key).includes(id) || names(row, id),
      ),
  )
  return found?.[0]
}
