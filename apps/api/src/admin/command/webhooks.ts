import {
  type ListedWebhook,
  maxWebhooks,
  type WebhookBacklog,
  type WebhookEventType,
  webhookEventTypes,
} from '@mianmi/core'
import { draftWebhook, draftWebhookRotation } from '@mianmi/core/admin'
import { readWebhookAllow } from '../../config/addresses.ts'
import type { Env } from '../../config/env.ts'
import type { Store } from '../../store/store.ts'
import { claimDatabase, requireKnownKey } from '../../tokens/claim-database.ts'
import { createOpaqueTokens } from '../../tokens/opaque-tokens.ts'
import type { RootKey } from '../../tokens/root-key.ts'
import { createWebhookSecrets } from '../../tokens/webhook-secrets.ts'
import { createWebhookUrls } from '../../webhooks/webhook-urls.ts'
import { CommandError } from './administrators.ts'
import { recordCommand } from './command-log.ts'
import { commandRoot, serviceRoot, withStore } from './command-store.ts'
import { readNames, readOverlap, readTexts } from './flags.ts'

const usages = {
  'webhook:create': `--url URL --events A,B, the events being of ${webhookEventTypes.join(', ')}`,
  'webhook:list': 'without arguments',
  'webhook:rotate': '--id ID [--overlap HOURS]',
  'webhook:remove': '--id ID',
} as const

type WebhookCommand = keyof typeof usages

export const isWebhookCommand = (name: string | undefined): name is WebhookCommand =>
  name !== undefined && Object.hasOwn(usages, name)

/**
 * Makes, lists, changes the secret of, or removes a webhook. Returns what to print; a new secret is the last line of it.
 *
 * @throws CommandError, ConfigError, DatabaseOpenError, UnlistedKeyError
 */
export async function runWebhookCommand(
  command: WebhookCommand,
  args: readonly string[],
  { env, migrations }: { env: Env; migrations: string },
): Promise<string> {
  const flags = readFlags(command, args)
  const seals = command === 'webhook:create' || command === 'webhook:rotate'
  // The service must be able to read the secret, so a key that it does not have is refused.
  const root = seals ? serviceRoot(env) : commandRoot(env)
  return withStore({ env, root, migrations }, async (store) => {
    if (seals) await requireKey(store, root)
    const context = { env, store, root }
    if (command === 'webhook:create') return create(context, flags)
    if (command === 'webhook:rotate') return rotate(context, flags)
    if (command === 'webhook:remove') return remove(context, flags)
    return list(store)
  })
}

async function requireKey(store: Store, root: RootKey): Promise<void> {
  await requireKnownKey(store.rootKeys, root)
  await claimDatabase(store, root, store.now())
}

interface Flags {
  readonly url: string
  readonly events: readonly WebhookEventType[]
  readonly id: string
  /** Ms. */
  readonly overlap: number | undefined
}

const options: Readonly<Record<WebhookCommand, readonly string[]>> = {
  'webhook:create': ['url', 'events'],
  'webhook:list': [],
  'webhook:rotate': ['id', 'overlap'],
  'webhook:remove': ['id'],
}

function readFlags(command: WebhookCommand, args: readonly string[]): Flags {
  const usage = `usage: ${command} ${usages[command]}`
  const texts = readTexts(args, { names: options[command], usage })
  const { url = '', events, id = '', overlap } = texts
  const known = { noun: 'event', known: webhookEventTypes }
  return { url, id, events: readNames(events, known), overlap: readOverlap(overlap) }
}

interface CommandContext {
  readonly env: Env
  readonly store: Store
  readonly root: RootKey
}

const refusals = {
  invalid:
    'an address begins with https:// or http://, has no user name, password or fragment, and port 80, 443 or one from 1024 on',
  forbidden_address:
    'the address leads into a private network; list it in WEBHOOK_ALLOW, of this command and of the service, and restart the service',
} as const

async function create(
  { env, store, root }: CommandContext,
  { url, events }: Flags,
): Promise<string> {
  const webhookUrls = createWebhookUrls(readWebhookAllow(env))
  const finding = await webhookUrls.check(url)
  if (finding === 'invalid' || finding === 'forbidden_address')
    throw new CommandError(refusals[finding])
  const ports = {
    webhookSecrets: createWebhookSecrets(root),
    webhookUrls,
    tokens: createOpaqueTokens(root),
    now: store.now,
  }
  const { secret, stored } = await draftWebhook(ports, { url, events })
  return recordCommand(env, store, {
    action: 'command.webhookCreate',
    subject: stored.id,
    async run() {
      if ((await store.webhooks.create(stored, null)) === 'too_many')
        throw new CommandError(`there are ${maxWebhooks} webhooks already; remove one`)
      const note = await describeAddress(url, finding)
      return `${stored.id} gets ${stored.events.join(', ')}.${note} Its calls are signed with this secret, which is shown only now:\n${secret}`
    },
  })
}

/** What the administrator must know of an address that is accepted. */
async function describeAddress(url: string, finding: string | null): Promise<string> {
  if (finding === 'unresolvable') return ' Its name has no address now.'
  const isPrivate = (await createWebhookUrls([]).check(url)) === 'forbidden_address'
  return isPrivate
    ? ' Its address is private: the service calls it only where its own WEBHOOK_ALLOW lists it, so set it there too and restart the service.'
    : ''
}

async function rotate(
  { env, store, root }: CommandContext,
  { id, overlap }: Flags,
): Promise<string> {
  const ports = { webhookSecrets: createWebhookSecrets(root), now: store.now }
  const { secret, stored } = draftWebhookRotation(ports, { id, overlap })
  return recordCommand(env, store, {
    action: 'command.webhookRotate',
    subject: id,
    async run() {
      if ((await store.webhooks.rotate(stored, null)) === 'not_found') throw unknown(id)
      const until = isoTime(stored.previousUntil)
      return `The secret before signs too until ${until}. The new secret of ${id} is shown only now:\n${secret}`
    },
  })
}

const remove = ({ env, store }: CommandContext, { id }: Flags): Promise<string> =>
  recordCommand(env, store, {
    action: 'command.webhookRemove',
    subject: id,
    async run() {
      if (!(await store.webhooks.remove(id))) throw unknown(id)
      return `${id} is removed, with what was to be sent to it`
    },
  })

const unknown = (id: string) => new CommandError(`there is no webhook ${id}; see webhook:list`)

async function list({ webhooks, now }: Store): Promise<string> {
  const lines = (await webhooks.list()).map((webhook) => describeWebhook(webhook, now()))
  const backlog = describeBacklog(await webhooks.backlog())
  return [...(lines.length === 0 ? ['there is no webhook'] : lines), ...backlog].join('\n')
}

/** What none of the webhooks shows as pending. */
const describeBacklog = ({ waiting, unreadable }: WebhookBacklog): string[] => [
  ...(waiting === 0 ? [] : [`the events of ${waiting} changes wait to be made deliveries`]),
  ...(unreadable === 0
    ? []
    : [
        `the events of ${unreadable} changes cannot be read; see docs/runbook.md, MianmiWebhooksLate`,
      ]),
]

/** @param now ms since the epoch: the secret before a rotation is named only while it signs */
function describeWebhook(webhook: ListedWebhook, now: number): string {
  const { id, url, events, createdAt, disabledAt, disabledReason, previousSecretUntil } = webhook
  const { pending, oldestPendingAt, lastError, dead } = webhook
  return [
    ...[id, url, events.join(','), `created ${isoTime(createdAt)}`],
    oldestPendingAt === null
      ? 'none pending'
      : `${pending} pending since ${isoTime(oldestPendingAt)}`,
    ...(lastError === null ? [] : [`last error: ${lastError}`]),
    ...(dead === 0 ? [] : [`${dead} dead`]),
    ...((previousSecretUntil ?? 0) <= now
      ? []
      : [`secret before until ${isoTime(previousSecretUntil ?? 0)}`]),
    ...(disabledAt === null ? [] : [`disabled ${isoTime(disabledAt)} (${disabledReason})`]),
  ].join('  ')
}

const isoTime = (ms: number): string => new Date(ms).toISOString()
