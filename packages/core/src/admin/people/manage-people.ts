import { adminActions } from '../../audit/audit-log.ts'
import { Failure } from '../../failure.ts'
import { signInRules } from '../../identity/sign-in-rules.ts'
import { type Unbinding, withRemoved } from '../../identity/unbind.ts'
import type { AdminService } from '../admin.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { nameLines } from '../audit/name-lines.ts'
import { type CountedPage, countPage } from '../page.ts'
import type { AdminActor } from '../sign-in/administrator.ts'
import type { PersonRefusal } from './people-store.ts'
import type { PeopleQuery, Person, PersonInFull } from './person.ts'
import { readSearch } from './read-search.ts'
import { resetSessionKey } from './reset-session-key.ts'

type PeoplePorts = Pick<
  AdminPorts,
  | 'identities'
  | 'wechat'
  | 'vault'
  | 'people'
  | 'audit'
  | 'auditReader'
  | 'serviceKeys'
  | 'personNotes'
  | 'appIds'
  | 'policy'
  | 'now'
>

const historySize = 50

type PeopleVerbs = Pick<
  AdminService,
  | 'listPeople'
  | 'viewPerson'
  | 'disablePerson'
  | 'enablePerson'
  | 'endSessions'
  | 'unbindPerson'
  | 'resetSessionKey'
  | 'removePerson'
  | 'revealPhone'
  | 'clearPassword'
  | 'clearPhone'
>

/** Finding users and managing their accounts. */
export function managePeople(ports: PeoplePorts): PeopleVerbs {
  return {
    listPeople: (_actor, query) => listPeople(ports, query),
    viewPerson: (_actor, userId) => viewPerson(ports, userId),
    disablePerson: async (actor, userId) => {
      refuseOneself(actor, userId)
      refuse(await ports.people.disable(userId, ports.now()))
    },
    enablePerson: async (_actor, userId) => known(await ports.people.enable(userId)),
    endSessions: async (_actor, whose) => {
      await findPerson(ports, whose.userId)
      const ended = await ports.people.endSessions(whose)
      if (whose.sessionId !== undefined) known(ended === 1)
      return ended
    },
    unbindPerson: async (actor, unbinding) => {
      const others = await unbindPerson(ports, unbinding)
      for (const appId of others) recordUnbound(ports, actor, { ...unbinding, appId })
    },
    resetSessionKey: async (_actor, identity) => {
      await findPerson(ports, identity.userId)
      await resetSessionKey(ports, identity)
    },
    removePerson: async (actor, { userId, confirm }) => {
      refuseOneself(actor, userId)
      const person = await findPerson(ports, userId)
      if (confirm !== (person.account ?? person.id)) throw new Failure('invalid_input')
      refuse(await ports.people.remove(userId))
    },
    revealPhone: async (_actor, userId) => {
      await findPerson(ports, userId)
      return ports.people.phoneOf(userId)
    },
    clearPassword: async (_actor, userId) => {
      const canSignIn = await ports.people.clearPassword(userId, signInRules(ports))
      if (canSignIn === null) throw new Failure('not_found')
      // Another administrator's password is replaced by the command `set-password`.
      if (canSignIn === 'administrator') throw new Failure('forbidden')
      return canSignIn
    },
    clearPhone: async (_actor, userId) => {
      const canSignIn = await ports.people.clearPhone(userId, signInRules(ports))
      if (canSignIn === null) throw new Failure('not_found')
      return canSignIn
    },
  }
}

async function listPeople(
  { people }: Pick<AdminPorts, 'people'>,
  { search, ...query }: PeopleQuery,
): Promise<CountedPage<Person>> {
  const { cursor, ...others } = query
  const filter = { ...others, search: search === undefined ? null : readSearch(search) }
  const { items, next } = await people.list({ ...filter, cursor: cursorOf(query) })
  const page = { items, next: next === null ? null : orderOf(query) + next }
  return countPage(page, query, (limit) => people.count({ ...filter, limit }))
}

/** What stands before a cursor, which is a place in one order only. */
const orderOf = ({ sort = 'newest' }: Pick<PeopleQuery, 'sort'>): string =>
  sort === 'newest' ? '' : `${sort}.`

/** The cursor of the store. @throws Failure `invalid_input` for one of another order */
function cursorOf(query: Pick<PeopleQuery, 'sort' | 'cursor'>): string | undefined {
  const order = orderOf(query)
  if (query.cursor?.startsWith(order) === false)
    throw new Failure('invalid_input', { detail: 'cursor' })
  return query.cursor?.slice(order.length)
}

async function viewPerson(
  ports: Pick<AdminPorts, 'people' | 'auditReader' | 'serviceKeys' | 'personNotes' | 'now'>,
  userId: string,
): Promise<PersonInFull> {
  const person = await findPerson(ports, userId)
  const [bindings, notes, history] = await Promise.all([
    ports.people.bindings(userId, ports.now()),
    ports.personNotes.list(userId),
    // Without the rows of administrators who only looked at the user.
    ports.auditReader.list({ userId, kind: 'change', limit: historySize }),
  ])
  const names = await ports.people.names(notes.flatMap(({ adminId }) => adminId ?? []))
  const adminName = (id: string | null) => (id === null ? null : (names.get(id) ?? null))
  const named = notes.map((note) => ({ ...note, adminName: adminName(note.adminId) }))
  return { person, ...bindings, notes: named, history: await nameLines(ports, history.items) }
}

async function unbindPerson(
  ports: Pick<AdminPorts, 'identities' | 'people' | 'appIds' | 'policy' | 'now'>,
  unbinding: Unbinding & { userId: string },
): Promise<readonly string[]> {
  const { userId, everywhere = false } = unbinding
  await findPerson(ports, userId)
  const request = { ...unbinding, everywhere, caller: null, rules: signInRules(ports) }
  return withRemoved(ports, unbinding, async () => {
    const result = await ports.identities.unbind(request)
    if (result === 'last') throw new Failure('last_credential')
    known(result === 'unbound')
  })
}

/** Audits an identity that was unbound with the one that the call names. */
function recordUnbound(
  { audit, now }: Pick<AdminPorts, 'audit' | 'now'>,
  { administrator, origin }: AdminActor,
  { userId, appId }: { userId: string; appId: string },
): void {
  const line = {
    action: adminActions.unbindPerson,
    outcome: 'ok',
    adminId: administrator.id,
  } as const
  audit.record({ at: now(), ...line, userId, appId, origin })
}

async function findPerson(
  ports: Pick<AdminPorts, 'people'>,
  userId: string,
): Promise<PersonInFull['person']> {
  const person = await ports.people.find(userId)
  if (person === null) throw new Failure('not_found')
  return person
}

/** There is always an administrator who can sign in. */
function refuse(result: 'disabled' | 'removed' | PersonRefusal): void {
  if (result === 'not_found') throw new Failure('not_found')
  if (result === 'last_administrator') throw new Failure('last_credential')
}

/** An administrator does not disable or delete themselves by mistake. */
function refuseOneself({ administrator }: AdminActor, userId: string): void {
  if (administrator.id === userId) throw new Failure('forbidden')
}

function known(found: boolean): void {
  if (!found) throw new Failure('not_found')
}
