import { adminActions } from '../../audit/audit-log.ts'
import { Failure } from '../../failure.ts'
import type { AdminService } from '../admin.ts'
import type { AdminPorts } from '../admin-ports.ts'
import type { AdminActor } from '../sign-in/administrator.ts'
import {
  type BulkAction,
  type BulkOrder,
  type BulkSkip,
  maxBulk,
  type SkippedPerson,
} from './bulk-order.ts'
import { draftNote } from './manage-notes.ts'

type BulkPorts = Pick<AdminPorts, 'people' | 'personNotes' | 'audit' | 'tokens' | 'now'>

/** Disables many users or ends their sessions, after a preview. */
export function bulkVerbs(ports: BulkPorts): Pick<AdminService, 'previewBulk' | 'runBulk'> {
  return {
    async previewBulk(_actor, order) {
      const plans = await planEach(ports, order)
      const concerned = plans.filter(({ why }) => why === null)
      return {
        people: concerned.length,
        sessions: concerned.reduce((sum, { sessions }) => sum + sessions, 0),
        skipped: skippedOf(plans),
      }
    },
    async runBulk(actor, { reason, ...order }) {
      const { people, personNotes, now } = ports
      const { action } = order
      // An invalid reason is refused before anything is done.
      draftNote(ports, { adminId: actor.administrator.id, text: reason })
      const plans = await planEach(ports, order)
      let changed = 0
      let sessions = 0
      for (const plan of plans.filter(({ why }) => why === null)) {
        const { userId } = plan
        if (action === 'disable') {
          if ((await people.disable(userId, now())) !== 'disabled') continue
          sessions += plan.sessions
        } else sessions += await people.endSessions({ userId })
        changed += 1
        recordLine(ports, actor, { action, userId })
        const note = draftNote(ports, { adminId: actor.administrator.id, text: reason })
        await personNotes.add({ ...note, userId })
      }
      return { people: changed, sessions, skipped: skippedOf(plans) }
    },
  }
}

interface Plan {
  readonly userId: string
  readonly sessions: number
  readonly why: BulkSkip | null
}

/** @throws Failure `invalid_input` for no users, or too many */
async function planEach(
  { people, now }: BulkPorts,
  { action, userIds }: BulkOrder,
): Promise<readonly Plan[]> {
  const ids = [...new Set(userIds)]
  if (ids.length === 0 || ids.length > maxBulk)
    throw new Failure('invalid_input', { detail: 'userIds' })
  const plans: Plan[] = []
  for (const userId of ids) {
    const person = await people.find(userId)
    if (person === null) plans.push({ userId, sessions: 0, why: 'not_found' })
    else if (person.role === 'admin') plans.push({ userId, sessions: 0, why: 'administrator' })
    else if (action === 'disable' && person.disabledAt !== null)
      plans.push({ userId, sessions: 0, why: 'disabled' })
    else {
      const sessions = (await people.bindings(userId, now())).sessions.length
      const isIdle = action === 'endSessions' && sessions === 0
      plans.push({ userId, sessions, why: isIdle ? 'no_sessions' : null })
    }
  }
  return plans
}

const skippedOf = (plans: readonly Plan[]): readonly SkippedPerson[] =>
  plans.flatMap(({ userId, why }) => (why === null ? [] : [{ userId, why }]))

/** Each user has the line that the same action on this user alone would have. */
function recordLine(
  { audit, now }: BulkPorts,
  { administrator, origin }: AdminActor,
  { action, userId }: { action: BulkAction; userId: string },
): void {
  const verb = { disable: adminActions.disablePerson, endSessions: adminActions.endSessions }[
    action
  ]
  const line = { action: verb, outcome: 'ok', adminId: administrator.id } as const
  audit.record({ at: now(), ...line, userId, appId: null, origin })
}
