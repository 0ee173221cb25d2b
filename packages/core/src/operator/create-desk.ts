import { type AuditEvent, adminActions } from '../guard/audit-log.ts'
import { audited } from '../guard/audited.ts'
import { readAudit } from './audit/read-audit.ts'
import type { Desk, TurnedAway } from './desk.ts'
import type { DeskPorts } from './desk-ports.ts'
import type { ByOperator, OperatorSignIn } from './operator.ts'
import { mergePeople } from './people/merge.ts'
import { managePeople } from './people/people.ts'
import { serviceDesk } from './service/apps.ts'
import { overview } from './service/overview.ts'
import { operatorSignIn } from './sign-in/sign-in.ts'

/** What operators do, over one set of ports. Each call is audited under its verb. */
export function createDesk(ports: DeskPorts): Desk {
  const acts: Acts = {
    currentOperator: async ({ operator }) => operator,
    ...overview(ports),
    ...serviceDesk(ports),
    ...managePeople(ports),
    ...mergePeople(ports),
    ...readAudit(ports),
  }
  return {
    // The sign-in knows only as it goes who is signing in, so it writes its lines itself.
    ...operatorSignIn(ports),
    ...written(ports, acts),
    noteRefusal: (call) => noteRefusal(ports, call),
  }
}

type Acts = Omit<Desk, keyof OperatorSignIn | 'noteRefusal'>
type Input<V extends keyof Acts> = Parameters<Acts[V]>[1]

/** Whom and which app a call names. */
type Named = Pick<AuditEvent, 'userId' | 'appId'>
const nobody: Named = { userId: null, appId: null }
const user = (userId: string): Named => ({ userId, appId: null })

/** Whom the input of each verb names. A verb that is missing here does not compile. */
const namedBy: { [V in keyof Acts]: (input: Input<V>) => Named } = {
  currentOperator: () => nobody,
  overview: () => nobody,
  listPeople: ({ appId = null }) => ({ userId: null, appId }),
  viewPerson: user,
  disablePerson: user,
  enablePerson: user,
  endSessions: ({ userId }) => user(userId),
  unbindPerson: ({ userId, appId }) => ({ userId, appId }),
  resetSessionKey: ({ userId, appId }) => ({ userId, appId }),
  removePerson: ({ userId }) => user(userId),
  revealPhone: user,
  listConflicts: () => nobody,
  previewMerge: ({ keepUserId }) => user(keepUserId),
  merge: ({ keepUserId }) => user(keepUserId),
  listMerges: () => nobody,
  undoMerge: () => nobody,
  listAudit: ({ userId = null }) => ({ userId, appId: null }),
  countAudit: ({ userId = null }) => ({ userId, appId: null }),
  listApps: () => nobody,
  testApp: (appId) => ({ userId: null, appId }),
  settings: () => nobody,
}

type Verb = (by: ByOperator, input: never) => Promise<unknown>

/** The same verbs, each of which writes down who did what to whom, and how it ended. */
function written(ports: DeskPorts, acts: Acts): Acts {
  const wrapped = Object.entries(acts).map(([name, run]: [string, Verb]) => {
    const action = adminActions[name as keyof Acts]
    const named = namedBy[name as keyof Acts] as (input: never) => Named
    const verb: Verb = ({ operator, origin }, input) =>
      audited(ports, { action, origin, operatorId: operator.id, ...named(input) }, () =>
        run({ operator, origin }, input),
      )
    return [name, verb]
  })
  return Object.fromEntries(wrapped) as Acts
}

function noteRefusal(ports: DeskPorts, call: TurnedAway): void {
  const { verb, reason: outcome, operatorId, userId, origin } = call
  const action = adminActions[verb]
  ports.audit.record({ at: ports.now(), action, outcome, operatorId, userId, appId: null, origin })
}
