import { Failure } from '../../failure.ts'
import type { AdminService } from '../admin.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { proven } from '../sign-in/proven.ts'
import {
  draftWebhook,
  draftWebhookRotation,
  requireCallable,
  requireEvents,
} from './draft-webhook.ts'

type WebhookPorts = Pick<
  AdminPorts,
  | 'webhooks'
  | 'webhookSecrets'
  | 'webhookUrls'
  | 'administrators'
  | 'totp'
  | 'recoveryCodes'
  | 'limits'
  | 'tokens'
  | 'now'
  | 'policy'
>

type WebhookVerbs = Pick<
  AdminService,
  | 'listWebhooks'
  | 'createWebhook'
  | 'updateWebhook'
  | 'rotateWebhookSecret'
  | 'removeWebhook'
  | 'testWebhook'
  | 'listDeadDeliveries'
  | 'replayDeliveries'
  | 'discardDeliveries'
>

/**
 * The webhooks of other services. What sends data to an address or shows a secret needs a fresh code of the administrator
 * who acts, so that a console session that someone else has got opens no lasting leak; to remove one needs none, because it
 * is urgent.
 */
export function manageWebhooks(ports: WebhookPorts): WebhookVerbs {
  const { webhooks, now } = ports
  return {
    listWebhooks: async () => ({
      webhooks: await webhooks.list(),
      ...(await webhooks.backlog()),
    }),
    createWebhook: async (actor, { code, ...input }) => {
      const { secret, stored } = await draftWebhook(ports, input)
      actor.note?.({ userId: stored.id })
      const result = await proven(ports, { actor, code }, (by) => webhooks.create(stored, by))
      if (result === 'too_many') throw new Failure('invalid_input', { detail: 'too many webhooks' })
      return { id: stored.id, secret }
    },
    updateWebhook: async (actor, { code, url, events, ...change }) => {
      const wanted = events && requireEvents(events)
      if (url !== undefined) await requireCallable(ports, url)
      const stored = { ...change, url, events: wanted, at: now() }
      const result = await proven(ports, { actor, code }, (by) => webhooks.update(stored, by))
      if (result === 'not_found') throw new Failure('not_found')
    },
    rotateWebhookSecret: async (actor, { code, ...input }) => {
      const { secret, stored } = draftWebhookRotation(ports, input)
      const result = await proven(ports, { actor, code }, (by) => webhooks.rotate(stored, by))
      if (result === 'not_found') throw new Failure('not_found')
      return { secret, previousUntil: stored.previousUntil }
    },
    removeWebhook: async (_actor, id) => {
      if (!(await webhooks.remove(id))) throw new Failure('not_found')
    },
    testWebhook: async (_actor, id) => {
      if (!(await webhooks.test({ id, at: now() }))) throw new Failure('not_found')
    },
    listDeadDeliveries: (_actor, query) => webhooks.dead(query),
    replayDeliveries: (_actor, ref) => webhooks.replay(ref, now()),
    discardDeliveries: (_actor, ref) => webhooks.discard(ref),
  }
}
