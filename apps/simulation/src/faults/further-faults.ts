import { type Fault, fault } from './fault.ts'

const core = (name: string, path: string, find: string, replace: string): Fault =>
  fault(name, `packages/core/src/${path}`, find, replace)
const store = (name: string, path: string, find: string, replace: string): Fault =>
  fault(name, `packages/core/testing/memory-store/${path}`, find, replace)

/** Further kinds of faults: off by one, counted for another, not awaited, checked on a stale copy, a table forgotten. */
export const furtherFaults: readonly Fault[] = [
  store(
    'a limit lets one more through',
    'rate-limit/limits.ts',
    'window.count >= use.limit',
    'window.count > use.limit',
  ),
  store(
    'a use that is given back closes its window',
    'rate-limit/limits.ts',
    'if (window.count === 1) state.limits.delete(use.key)',
    'if (window.count >= 1) state.limits.delete(use.key)',
  ),
  core(
    'a window of a limit ends twice as late',
    'rate-limit/limit-store.ts',
    'return endsAt > now &&',
    'return endsAt > now - windowMs &&',
  ),
  core(
    'wrong passwords are counted by network alone',
    'account/prove-password.ts',
    'origin.address), ...counted]',
    'origin.address), ...counted.slice(0, 0)]',
  ),
  core(
    'wrong passwords are counted by account alone',
    'account/prove-password.ts',
    "[...usesFrom(ports, 'wrong password from address', origin.address), ...counted]",
    '[...(usesFrom(ports, "wrong password from address", "") && []), ...counted]',
  ),
  core(
    'codes of an administrator are counted for each session alone',
    'admin/sign-in/counted-tries.ts',
    "useOf(ports, 'wrong code of administrator', userId)",
    "useOf(ports, 'wrong code of administrator', userId + ports.now())",
  ),
  {
    // The tries are looked at twice: when the call begins, and when its password is verified.
    name: 'a ticket is good for one more try',
    patches: [
      {
        file: 'packages/core/testing/memory-store/identity/tickets.ts',
        find: 'if (ticket === undefined || ticket.tries >= maxTries) return false',
        replace: 'if (ticket === undefined || ticket.tries > maxTries) return false',
      },
      {
        file: 'packages/core/testing/memory-store/identity/tickets.ts',
        find: 'return expiresAt > now && expiresAt <= latest + ttl && tries < maxTries',
        replace: 'return expiresAt > now && expiresAt <= latest + ttl && tries <= maxTries',
      },
    ],
  },
  store(
    'a profile is changed by a session that has ended meanwhile',
    'account/users.ts',
    '      if (refused !== null) return refused\n      const { userId } = caller\n      const user = requireUser(state, userId)\n      if (avatarUrl',
    '      void refused\n      const { userId } = caller\n      const user = requireUser(state, userId)\n      if (avatarUrl',
  ),
  store(
    'a password is replaced by the proof of one that was changed meanwhile',
    'account/users.ts',
    "      if (user.passwordHash !== from) return 'outdated'\n      if (provenBy",
    '      if (provenBy',
  ),
  core(
    'a sign-out is acknowledged before it is done',
    'create-user-service.ts',
    'async () => void (await ports.sessions.end(actor.caller.session))',
    'async () => void ports.sessions.end(actor.caller.session)',
  ),
  store(
    'an unbinding is no event',
    'identity/binding-steps.ts',
    "    emit(state, { type: 'identity.unbound', userId, appId, openid, unionid })\n",
    '',
  ),
  store(
    'a session that is ended is no event',
    'session/sessions.ts',
    'if (session.expiresAt > at)',
    'if (session.expiresAt > at && at < 0)',
  ),
  store(
    'what waits of a user who is deleted is still sent',
    'account/removal.ts',
    'const notBefore = dropDeliveriesOf(state, ids)',
    'const notBefore = dropDeliveriesOf(state, ids.slice(0, 0))',
  ),
  store(
    'a merge leaves the events of who is gone out of the order',
    'admin/merges/merges.ts',
    '  joinDeliveries(state, users.goneId, users.keptId)\n',
    '',
  ),
  store(
    'an undo forgets the unbindings that the merge had moved',
    'admin/merges/merge-undo.ts',
    '  for (const unbinding of moved.unbindings) returnUnbinding(state, unbinding, keptId)\n',
    '',
  ),
  store(
    'an undo leaves the conflicts of the two users closed',
    'admin/merges/merge-undo.ts',
    '  reopenConflicts(state, moved)\n',
    '',
  ),
  store(
    'the unionid of a refused sign-in is forgotten',
    'identity/binding-steps.ts',
    'if (user.mergedInto === null) learnOfBound(state, claim, session.createdAt)',
    'void learnOfBound',
  ),
  store(
    'notes of a user who is deleted stay',
    'account/removal.ts',
    '  deleteRows(state.personNotes, ofUser)\n',
    '',
  ),
  store(
    'tickets of a user who is deleted stay',
    'account/removal.ts',
    '  endTickets(state, userId)\n',
    '',
  ),
  store(
    'unbindings of a user who is deleted stay',
    'account/removal.ts',
    '  deleteRows(state.unbindings, ofUser)\n',
    '',
  ),
  fault(
    'storage that cannot be read is taken for empty',
    'packages/wx-session/src/session/state/session-storage.ts',
    'if (attempts === 1 || isTimeout(error)) throw error',
    'if (attempts === 1 || isTimeout(error)) return undefined',
  ),
]
