import { Failure } from '../../failure.ts'
import type { AdminService } from '../admin.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { proven } from '../sign-in/proven.ts'
import { draftRotation, draftServiceKey } from './draft-service-key.ts'

type KeyPorts = Pick<
  AdminPorts,
  | 'serviceKeys'
  | 'serviceKeyMaker'
  | 'people'
  | 'administrators'
  | 'totp'
  | 'recoveryCodes'
  | 'limits'
  | 'tokens'
  | 'now'
  | 'policy'
>

type KeyVerbs = Pick<
  AdminService,
  'listServiceKeys' | 'createServiceKey' | 'rotateServiceKey' | 'revokeServiceKey'
>

/**
 * The keys of other services. What shows a key needs a fresh code of the administrator who acts, so that a console
 * session that someone else has got leaves no key behind; to revoke one needs none, because it is urgent.
 */
export function manageServiceKeys(ports: KeyPorts): KeyVerbs {
  const { serviceKeys, people } = ports
  return {
    listServiceKeys: async () => {
      const keys = await serviceKeys.list()
      const names = await people.names([...new Set(keys.flatMap((key) => key.createdBy ?? []))])
      const nameOf = (id: string | null) => (id === null ? null : (names.get(id) ?? null))
      return keys.map((key) => ({ ...key, creatorName: nameOf(key.createdBy) }))
    },
    createServiceKey: async (actor, { code, ...input }) => {
      const { key, stored } = draftServiceKey(ports, input)
      actor.note?.({ userId: stored.id })
      const result = await proven(ports, { actor, code }, (by) => serviceKeys.create(stored, by))
      if (result === 'name_taken') throw new Failure('account_taken', { detail: 'name of a key' })
      return { id: stored.id, key }
    },
    rotateServiceKey: async (actor, { code, ...input }) => {
      const { key, stored } = draftRotation(ports, input)
      const result = await proven(ports, { actor, code }, (by) => serviceKeys.rotate(stored, by))
      if (result === 'not_found') throw new Failure('not_found')
      return { key, previousUntil: stored.previousUntil }
    },
    revokeServiceKey: async (_actor, id) => {
      if (!(await serviceKeys.revoke(id, ports.now()))) throw new Failure('not_found')
    },
  }
}
