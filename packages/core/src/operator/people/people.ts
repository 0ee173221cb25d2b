import { Failure } from '../../failure.ts'
import type { Desk, PersonInFull } from '../desk.ts'
import type { DeskPorts } from '../desk-ports.ts'
import type { ByOperator } from '../operator.ts'
import { readSearch } from './read-search.ts'
import { resetSessionKey } from './reset-session-key.ts'

const historySize = 50

type PeopleDesk = Pick<
  Desk,
  | 'listPeople'
  | 'viewPerson'
  | 'disablePerson'
  | 'enablePerson'
  | 'endSessions'
  | 'unbindPerson'
  | 'resetSessionKey'
  | 'removePerson'
  | 'revealPhone'
>

/** Finding people and looking after their accounts. */
export function managePeople(ports: DeskPorts): PeopleDesk {
  return {
    listPeople: (_by, { search, ...query }) =>
      ports.people.list({ ...query, search: search === undefined ? null : readSearch(search) }),
    viewPerson: (_by, userId) => viewPerson(ports, userId),
    disablePerson: async (by, userId) => {
      refuseOneself(by, userId)
      known(await ports.people.disable(userId, ports.now()))
    },
    enablePerson: async (_by, userId) => known(await ports.people.enable(userId)),
    endSessions: async (_by, whose) => {
      await findPerson(ports, whose.userId)
      const ended = await ports.people.endSessions(whose)
      if (whose.sessionId !== undefined) known(ended === 1)
      return ended
    },
    unbindPerson: (_by, identity) => unbindPerson(ports, identity),
    resetSessionKey: async (_by, identity) => {
      await findPerson(ports, identity.userId)
      await resetSessionKey(ports, identity)
    },
    removePerson: async (by, { userId, confirm }) => {
      refuseOneself(by, userId)
      const person = await findPerson(ports, userId)
      if (confirm !== (person.account ?? person.id)) throw new Failure('invalid_input')
      await ports.users.remove(userId)
    },
    revealPhone: async (_by, userId) => {
      await findPerson(ports, userId)
      return ports.people.phoneOf(userId)
    },
  }
}

async function viewPerson(ports: DeskPorts, userId: string): Promise<PersonInFull> {
  const person = await findPerson(ports, userId)
  const [bindings, history] = await Promise.all([
    ports.people.bindings(userId, ports.now()),
    ports.auditReader.list({ userId, limit: historySize }),
  ])
  return { person, ...bindings, history: history.items }
}

async function unbindPerson(
  ports: DeskPorts,
  { userId, appId }: { userId: string; appId: string },
): Promise<void> {
  await findPerson(ports, userId)
  const result = await ports.identities.unbind({ userId, appId, keepSessionId: null })
  if (result === 'last') throw new Failure('last_credential')
  known(result === 'unbound')
}

async function findPerson(ports: DeskPorts, userId: string): Promise<PersonInFull['person']> {
  const person = await ports.people.find(userId)
  if (person === null) throw new Failure('not_found')
  return person
}

/** Nobody can shut themselves out: there is always an operator left. */
function refuseOneself({ operator }: ByOperator, userId: string): void {
  if (operator.id === userId) throw new Failure('forbidden')
}

function known(found: boolean): void {
  if (!found) throw new Failure('not_found')
}
