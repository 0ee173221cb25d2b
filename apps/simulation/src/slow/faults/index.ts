import { type Fault, fault } from '../../faults/fault.ts'
import { faults } from '../../faults/index.ts'

/** A fault that is brought back into the built service. */
export interface ServiceFault extends Fault {
  /** On which databases the service has it. */
  readonly databases: readonly ('sqlite' | 'postgres')[]
}

const both = ['sqlite', 'postgres'] as const

/** Faults of the use cases that the simulation knows, too: their patches are of `core` alone. */
const known = (name: string, databases: ServiceFault['databases'] = both): ServiceFault => {
  const found = faults.find((each) => each.name === name)
  if (found === undefined) throw new Error(`there is no fault “${name}”`)
  return { ...found, databases }
}

/** The same fault in each store: a patch for SQLite and one for PostgreSQL. */
const ofStores = (
  name: string,
  sqlite: readonly [path: string, find: string, replace: string],
  postgres: readonly [path: string, find: string, replace: string],
): ServiceFault => ({
  name,
  databases: both,
  patches: Object.entries({ sqlite, postgres }).map(([store, [path, find, replace]]) => ({
    ...{ file: `apps/api/src/store/${store}/${path}`, find, replace },
  })),
})

/** What the slow run has to find. */
export const serviceFaults: readonly ServiceFault[] = [
  known('each node sends a login code to WeChat', ['postgres']),
  known('a spent ticket registers again with any password'),
  known('a used ticket may be repeated with any phone code'),
  known('an unbinding everywhere is one in a single app'),
  known('a first sign-in makes a user where SIGN_UP is bind'),
  known('unbinding the last way in is allowed'),
  known('a number moves however young its proof is'),
  ofStores(
    'an unbinding ends no session',
    [
      'identity/binding-steps.ts',
      '      sessions.endOthersInApp(userId, keepSessionId, identity.appId)\n    }\n  }\n\n  return {',
      '      void keepSessionId\n    }\n  }\n\n  return {',
    ],
    [
      'identity/unbind.ts',
      '    await endSessions(tx, [userId], { keep: keepSessionId, appId: identity.appId })\n',
      '    void [endSessions, keepSessionId]\n',
    ],
  ),
  ofStores(
    'an unbound identity comes back by itself',
    [
      'identity/binding-steps.ts',
      '      unbindings.add(identity, userId, at)\n',
      '      void at\n',
    ],
    [
      'identity/unbind.ts',
      '    await addUnbinding(tx, identity, { userId, at })\n',
      '    void [addUnbinding, at]\n',
    ],
  ),
  ofStores(
    'a new password keeps the other sessions',
    [
      'account/users.ts',
      '        endOthers(id, sessionId)\n',
      '        void [endOthers, sessionId]\n',
    ],
    [
      'account/users.ts',
      '  await endSessions(tx, [id], { keep: sessionId })\n',
      '  void [endSessions, sessionId]\n',
    ],
  ),
  {
    ...fault(
      'a node remembers for two seconds whose a token is',
      'packages/core/src/session/authenticate.ts',
      'const caller = await ports.sessions.find(claims.sessionId)',
      `const memory: Map<string, { caller: SignedInCaller; at: number }> = ((globalThis as any).remembered ??= new Map())
  const known = memory.get(claims.sessionId)
  const caller = known !== undefined && now - known.at < 2_000 ? known.caller : await ports.sessions.find(claims.sessionId)
  if (caller !== null && caller !== known?.caller) memory.set(claims.sessionId, { caller, at: now })`,
    ),
    databases: both,
  },
  {
    ...fault(
      'two changes of a password at once are both made',
      'apps/api/src/store/postgres/account/users.ts',
      '  const { userId: id, sessionId } = caller\n  await isolateUsers(tx, [id])\n',
      '  const { userId: id, sessionId } = caller\n',
    ),
    databases: ['postgres'],
  },
]
