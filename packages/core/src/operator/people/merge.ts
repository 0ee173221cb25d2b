import { Failure } from '../../failure.ts'
import type { Desk, Merge, MergeOrder } from '../desk.ts'
import type { DeskPorts } from '../desk-ports.ts'
import type { ByOperator } from '../operator.ts'

/** How long a merge can be undone, in ms; afterwards the user who went is removed for good. */
const undoTime = 24 * 3_600_000
const listed = 50

type MergeDesk = Pick<Desk, 'listConflicts' | 'previewMerge' | 'merge' | 'listMerges' | 'undoMerge'>

/** Making one user of two who are one person. */
export function mergePeople(ports: DeskPorts): MergeDesk {
  return {
    listConflicts: (_by, page) => ports.merges.conflicts(page),
    previewMerge: async (_by, order) => {
      checkOrder(order)
      const preview = await ports.merges.preview(order, ports.now())
      if (preview === null) throw new Failure('not_found')
      return preview
    },
    merge: (by, order) => merge(ports, by, order),
    listMerges: () => ports.merges.list(listed),
    undoMerge: async (_by, mergeId) => {
      if (!(await ports.merges.undo(mergeId, ports.now()))) throw new Failure('not_found')
    },
  }
}

async function merge(ports: DeskPorts, by: ByOperator, order: MergeOrder): Promise<Merge> {
  checkOrder(order)
  const at = ports.now()
  const merged = await ports.merges.merge(order, {
    id: ports.tokens.newId(),
    operatorId: by.operator.id,
    at,
    undoUntil: at + undoTime,
  })
  if (merged === 'not_found') throw new Failure('not_found')
  // An operator's account is not handed to whoever has the same WeChat.
  if (merged === 'operator') throw new Failure('forbidden')
  return merged
}

function checkOrder({ firstUserId, secondUserId, keepUserId }: MergeOrder): void {
  if (keepUserId !== firstUserId && keepUserId !== secondUserId) throw new Failure('invalid_input')
}
