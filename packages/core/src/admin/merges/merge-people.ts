import { type AuditAction, adminActions } from '../../audit/audit-log.ts'
import { Failure } from '../../failure.ts'
import { signInRules } from '../../identity/sign-in-rules.ts'
import type { AdminService } from '../admin.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { countPage } from '../page.ts'
import type { AdminActor } from '../sign-in/administrator.ts'
import type { Merge, MergeOrder, NamedMerge } from './merge.ts'
import { undoTime } from './merge-store.ts'

const listed = 50

type MergeVerbs = Pick<
  AdminService,
  'listConflicts' | 'previewMerge' | 'merge' | 'listMerges' | 'undoMerge'
>

type MergePorts = Pick<
  AdminPorts,
  'tokens' | 'merges' | 'people' | 'audit' | 'appIds' | 'policy' | 'now'
>

/** Merging two users who are the same person. */
export function mergePeople(ports: MergePorts): MergeVerbs {
  return {
    listConflicts: async (_actor, query) =>
      countPage(await ports.merges.conflicts(query), query, ports.merges.countConflicts),
    previewMerge: async (_actor, order) => {
      checkOrder(order)
      const preview = await ports.merges.preview(order, ports.now())
      if (preview === 'not_found') throw new Failure('not_found')
      if (preview === 'administrator') throw new Failure('forbidden')
      return preview
    },
    merge: async (actor, order) => {
      const merged = await merge(ports, actor, order)
      const [named = { ...merged, adminName: null }] = await nameMerges(ports, [merged])
      return named
    },
    listMerges: async () => nameMerges(ports, await ports.merges.list(listed)),
    undoMerge: async (actor, mergeId) => {
      const merge = (await ports.merges.list(listed)).find(({ id }) => id === mergeId)
      if (merge !== undefined) actor.note?.({ userId: merge.kept.id })
      const result = await ports.merges.undo(mergeId, signInRules(ports))
      if (result === 'not_found') throw new Failure('not_found')
      if (result === 'last') throw new Failure('last_credential')
      if (merge !== undefined) recordGone(ports, actor, { action: adminActions.undoMerge, merge })
    },
  }
}

async function merge(ports: MergePorts, actor: AdminActor, order: MergeOrder): Promise<Merge> {
  checkOrder(order)
  const at = ports.now()
  const merged = await ports.merges.merge(order, {
    id: ports.tokens.newId(),
    adminId: actor.administrator.id,
    at,
    undoUntil: at + undoTime,
    rules: signInRules(ports),
  })
  if (merged === 'not_found') throw new Failure('not_found')
  // An administrator has no WeChat account, and no owner of one must get an administrator's account.
  if (merged === 'administrator') throw new Failure('forbidden')
  recordGone(ports, actor, { action: adminActions.merge, merge: merged })
  return merged
}

async function nameMerges(
  { people }: Pick<AdminPorts, 'people'>,
  merges: readonly Merge[],
): Promise<readonly NamedMerge[]> {
  const names = await people.names([...new Set(merges.map(({ adminId }) => adminId))])
  return merges.map((merge) => ({ ...merge, adminName: names.get(merge.adminId) ?? null }))
}

/** The line of the call names the user who is kept; this one is the other user's. */
function recordGone(
  { audit, now }: Pick<AdminPorts, 'audit' | 'now'>,
  { administrator, origin }: AdminActor,
  { action, merge }: { action: AuditAction; merge: Merge },
): void {
  const line = { action, outcome: 'ok', adminId: administrator.id, appId: null, origin } as const
  audit.record({ at: now(), ...line, userId: merge.gone.id })
}

function checkOrder({ firstUserId, secondUserId, keepUserId }: MergeOrder): void {
  if (keepUserId !== firstUserId && keepUserId !== secondUserId) throw new Failure('invalid_input')
}
