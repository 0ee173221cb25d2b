import { type AuditEvent, serviceActions } from '../audit/audit-log.ts'
import { audited } from '../audit/audited.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { ServiceScope } from '../service-keys/service-key.ts'
import type { ServiceKeyFinder } from '../service-keys/service-key-finder.ts'
import type { ServiceKeyMaker } from '../service-keys/service-key-maker.ts'
import { createServiceKeyVerifier } from '../service-keys/verify-service-key.ts'
import { introspect } from './introspect.ts'
import { createKeyLimits } from './key-limits.ts'
import type { ChangedUser, ServiceActor, ServiceApi } from './service-api.ts'
import type { ServiceUser } from './service-user.ts'
import type { ServiceUserStore } from './service-user-store.ts'

/** What the use cases of other services need from outside. */
export interface ServicePorts extends Pick<Ports, 'audit' | 'tokens' | 'now' | 'policy'> {
  readonly serviceUsers: ServiceUserStore
  readonly serviceKeys: ServiceKeyFinder
  readonly serviceKeyMaker: ServiceKeyMaker
}

type ServiceAction = (typeof serviceActions)[keyof typeof serviceActions]

/** The verbs whose refusals are audited, by their scope. */
const actionOf: Partial<Record<ServiceScope, ServiceAction>> = {
  'users:read': serviceActions.viewUser,
  'users:write': serviceActions.changeUser,
  'sessions:end': serviceActions.endUserSessions,
}

/**
 * Builds the use cases of other services from the ports.
 *
 * @example
 * const services = createServiceApi(ports)
 * const actor = await services.authenticate(key, origin)
 * const user = await services.viewUser(actor, { externalId: '42' })
 */
export function createServiceApi(ports: ServicePorts): ServiceApi {
  const { serviceUsers } = ports
  const verify = createServiceKeyVerifier(ports)
  const count = createKeyLimits(ports)
  /**
   * Audits a call under the key, the refusal for want of a scope included. A call beyond the limit has no line, so that a
   * backend in a loop does not fill the audit log.
   */
  const audit = async <T>(
    { key, origin }: ServiceActor,
    call: { action: ServiceAction; scope: ServiceScope; userId?: string | null },
    work: (note: (userId: string) => void) => Promise<T>,
  ): Promise<T> => {
    const { action, scope, userId = null } = call
    const isRead = scope === 'users:read'
    count(isRead ? 'read by key' : 'change by key', key.id)
    const isAllowed = key.scopes.includes(scope)
    // A change that the scope forbids has not started.
    const waits = isAllowed ? (isRead ? 'after' : 'before') : null
    const line = {
      action,
      waits,
      userId,
      adminId: key.id,
      origin: originOf({ key, origin }),
    } as const
    return audited(ports, line, async (note) => {
      requireScope({ key, origin }, scope)
      return work((found) => note({ userId: found }))
    })
  }
  return {
    async authenticate(key, origin) {
      const { authenticate: action } = serviceActions
      try {
        return { key: await verify(key), origin }
      } catch (error) {
        // A key that was never sent is no try.
        if (key !== null && error instanceof Failure && error.reason === 'unauthenticated')
          ports.audit.record({
            ...{ at: ports.now(), action, outcome: error.reason, userId: null, appId: null },
            origin,
          })
        throw error
      }
    },
    async requireScope(actor, scope) {
      if (actor.key.scopes.includes(scope)) return
      if (scope === 'introspect') count('introspection by key', actor.key.id)
      const action = actionOf[scope]
      if (action !== undefined) await audit(actor, { action, scope }, async () => undefined)
      requireScope(actor, scope)
    },
    async introspect(actor, token) {
      count('introspection by key', actor.key.id)
      requireScope(actor, 'introspect')
      return introspect(ports, token)
    },
    async viewUser(actor, ref) {
      const { scopes } = actor.key
      const wanted = {
        identities: scopes.includes('identities:read'),
        phone: scopes.includes('phones:read'),
      }
      const call = { action: serviceActions.viewUser, scope: 'users:read' } as const
      const user = await audit(actor, call, async (note) => {
        const found = await serviceUsers.find(ref, wanted)
        if (found === null) throw new Failure('not_found')
        note(found.id)
        return found
      })
      await auditDisclosures(ports, actor, user)
      return user
    },
    async changeUser(actor, userId, change) {
      const call = { action: serviceActions.changeUser, scope: 'users:write', userId } as const
      return audit(actor, call, async () => {
        const result = await serviceUsers.update(userId, { ...change, at: ports.now() })
        if (result === 'not_found') throw new Failure('not_found')
        if (result === 'external_id_taken')
          throw new Failure('account_taken', { detail: 'external id' })
        const user = await serviceUsers.find({ userId }, { identities: false, phone: false })
        if (user === null) throw new Failure('not_found')
        return changedUser(actor, user)
      })
    },
    endUserSessions: (actor, userId) => {
      const call = {
        action: serviceActions.endUserSessions,
        scope: 'sessions:end',
        userId,
      } as const
      return audit(actor, call, async () => {
        const ended = await serviceUsers.endSessions(userId)
        if (ended === null) throw new Failure('not_found')
        return ended
      })
    },
  }
}

/** A key that may change users and not read them learns nothing but what it may set. */
function changedUser({ key }: ServiceActor, user: ServiceUser): ChangedUser {
  const { id, externalId, disabledAt } = user
  return key.scopes.includes('users:read') ? user : { id, externalId, disabledAt }
}

/** @throws Failure `forbidden` */
function requireScope({ key }: ServiceActor, scope: ServiceScope): void {
  if (!key.scopes.includes(scope)) throw new Failure('forbidden', { detail: `scope ${scope}` })
}

/** Where the audit log says under which key a call was made, in the place of the User-Agent. */
const originOf = ({ key, origin }: ServiceActor) => ({
  ...origin,
  device: `service key ${key.name}`,
})

/** A line of its own for each kind of personal data, so that its readers can be found. The reply waits for them. */
async function auditDisclosures(
  { audit, now }: Pick<Ports, 'audit' | 'now'>,
  actor: ServiceActor,
  user: ServiceUser,
): Promise<void> {
  const shown = [
    ...(user.identities === undefined ? [] : [serviceActions.readIdentities]),
    ...(user.phone === undefined ? [] : [serviceActions.readPhone]),
  ]
  const line = { outcome: 'ok', userId: user.id, adminId: actor.key.id, appId: null } as const
  const lines = shown.map(
    (action): AuditEvent => ({ at: now(), action, ...line, origin: originOf(actor) }),
  )
  await Promise.all(lines.map(audit.write))
}
