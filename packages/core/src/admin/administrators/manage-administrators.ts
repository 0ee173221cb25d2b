import { accountKey } from '../../account/account-name.ts'
import { checkNewPassword } from '../../account/prove-password.ts'
import { Failure } from '../../failure.ts'
import type { AdminService } from '../admin.ts'
import type { AdminPorts } from '../admin-ports.ts'
import type { AdminActor } from '../sign-in/administrator.ts'
import { adminCaller } from '../sign-in/counted-tries.ts'
import { withCodeOf } from '../sign-in/second-factor.ts'
import { draftEnrolment, type Enrolment } from './enrolment.ts'
import type { ProvenActor } from './role-store.ts'

type RolePorts = Pick<
  AdminPorts,
  | 'roles'
  | 'administrators'
  | 'totp'
  | 'recoveryCodes'
  | 'enrolmentCodes'
  | 'limits'
  | 'passwords'
  | 'tokens'
  | 'now'
  | 'policy'
>

type RoleVerbs = Pick<
  AdminService,
  'listAdministrators' | 'addAdministrator' | 'removeAdministrator' | 'resetAdministratorFactor'
>

/** Who has the role `admin`. Each change needs a fresh code of the administrator who acts. */
export function manageAdministrators(ports: RolePorts): RoleVerbs {
  return {
    listAdministrators: () => ports.roles.list(ports.now()),
    addAdministrator: (actor, input) => addAdministrator(ports, actor, input),
    removeAdministrator: async (actor, { userId, code }) => {
      await changeRole(ports, { actor, code }, (by) => ports.roles.remove({ userId, by }))
    },
    resetAdministratorFactor: async (actor, { userId, code }) => {
      const { shown, stored: enrolment } = draftEnrolment(ports.enrolmentCodes, ports.now())
      await changeRole(ports, { actor, code }, (by) =>
        ports.roles.resetFactor({ userId, enrolment, by }),
      )
      return shown
    },
  }
}

async function addAdministrator(
  ports: RolePorts,
  actor: AdminActor,
  { account, password, code }: { account: string; password: string; code: string },
): Promise<{ id: string; enrolment: Enrolment }> {
  const { shown, stored: enrolment } = draftEnrolment(ports.enrolmentCodes, ports.now())
  const draft = {
    id: ports.tokens.newId(),
    account: account.normalize('NFKC'),
    accountKey: accountKey(account),
    createdAt: ports.now(),
  }
  await checkNewPassword(ports, password, account)
  await changeRole(ports, { actor, code }, async (by) => {
    const caller = adminCaller(actor.administrator.id, actor.origin)
    const user = { ...draft, passwordHash: await ports.passwords.hash(password, caller) }
    return ports.roles.add({ user, enrolment, by })
  })
  actor.note?.({ userId: draft.id })
  return { id: draft.id, enrolment: shown }
}

/** @throws Failure `credential_rejected`, `rate_limited`, `account_taken`, `not_found`, `last_credential` */
async function changeRole(
  ports: RolePorts,
  { actor, code }: { actor: AdminActor; code: string },
  change: (by: ProvenActor) => ReturnType<AdminPorts['roles']['add' | 'remove' | 'resetFactor']>,
): Promise<void> {
  const { id: adminId, sessionHash } = actor.administrator
  const result = await withCodeOf(ports, { userId: adminId, sessionHash, code }, async (proof) => {
    const done = await change({ adminId, sessionHash, proof })
    return done === 'proof_rejected' ? null : done
  })
  if (result === 'account_taken') throw new Failure('account_taken')
  if (result === 'not_found') throw new Failure('not_found')
  if (result === 'last_administrator') throw new Failure('last_credential')
}
