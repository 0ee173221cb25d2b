import { isServiceKeyName, type ServiceKey, type ServiceScope, serviceScopes } from '@mianmi/core'
import { draftRotation, draftServiceKey } from '@mianmi/core/admin'
import type { Env } from '../../config/env.ts'
import type { Store } from '../../store/store.ts'
import { createOpaqueTokens } from '../../tokens/opaque-tokens.ts'
import { serviceKeyMaker } from '../../tokens/service-keys.ts'
import { CommandError } from './administrators.ts'
import { recordCommand } from './command-log.ts'
import { commandRoot, withStore } from './command-store.ts'
import { readNames, readOverlap, readTexts } from './flags.ts'

const usages = {
  'service-key:create': `--name NAME --scopes A,B, the scopes being of ${serviceScopes.join(', ')}`,
  'service-key:list': 'without arguments',
  'service-key:rotate': '--name NAME [--overlap HOURS]',
  'service-key:revoke': '--name NAME',
} as const

type KeyCommand = keyof typeof usages

export const isServiceKeyCommand = (name: string | undefined): name is KeyCommand =>
  name !== undefined && Object.hasOwn(usages, name)

/**
 * Makes, lists, rotates or revokes a key of another service. Returns what to print; a new key is the last line of it.
 *
 * @throws CommandError, ConfigError, DatabaseOpenError
 */
export async function runServiceKeyCommand(
  command: KeyCommand,
  args: readonly string[],
  { env, migrations }: { env: Env; migrations: string },
): Promise<string> {
  const flags = readFlags(command, args)
  const root = commandRoot(env)
  const { newId } = createOpaqueTokens(root)
  return withStore({ env, root, migrations }, (store) => {
    const context = { env, store, ports: { serviceKeyMaker, tokens: { newId }, now: store.now } }
    if (command === 'service-key:create') return create(context, flags)
    if (command === 'service-key:rotate') return rotate(context, flags)
    if (command === 'service-key:revoke') return revoke(context, flags)
    return list(store)
  })
}

interface Flags {
  readonly name: string
  readonly scopes: readonly ServiceScope[]
  /** Ms. */
  readonly overlap: number | undefined
}

const options: Readonly<Record<KeyCommand, readonly string[]>> = {
  'service-key:create': ['name', 'scopes'],
  'service-key:list': [],
  'service-key:rotate': ['name', 'overlap'],
  'service-key:revoke': ['name'],
}

function readFlags(command: KeyCommand, args: readonly string[]): Flags {
  const usage = `usage: ${command} ${usages[command]}`
  const { name = '', scopes, overlap } = readTexts(args, { names: options[command], usage })
  const known = { noun: 'scope', known: serviceScopes }
  return { name, scopes: readNames(scopes, known), overlap: readOverlap(overlap) }
}

interface KeyCommandContext {
  readonly env: Env
  readonly store: Store
  readonly ports: Parameters<typeof draftServiceKey>[0]
}

async function create(
  { env, store, ports }: KeyCommandContext,
  { name, scopes }: Flags,
): Promise<string> {
  if (!isServiceKeyName(name))
    throw new CommandError(
      'a name has 1 to 64 letters, digits and . _ - and begins with a letter or digit',
    )
  const { key, stored } = draftServiceKey(ports, { name, scopes })
  return recordCommand(env, store, {
    action: 'command.serviceKeyCreate',
    subject: stored.id,
    async run() {
      if ((await store.serviceKeys.create(stored, null)) === 'name_taken')
        throw new CommandError(`a service key has the name ${name} already; revoke or rotate it`)
      return `${name} may ${stored.scopes.join(', ')} with this key, which is shown only now:\n${key}`
    },
  })
}

async function rotate(
  { env, store, ports }: KeyCommandContext,
  { name, overlap }: Flags,
): Promise<string> {
  const { id } = await findByName(store, name)
  const { key, stored } = draftRotation(ports, { id, overlap })
  return recordCommand(env, store, {
    action: 'command.serviceKeyRotate',
    subject: id,
    async run() {
      if ((await store.serviceKeys.rotate(stored, null)) === 'not_found') throw unknown(name)
      const until = new Date(stored.previousUntil).toISOString()
      return `The key before is accepted until ${until}. The new key of ${name} is shown only now:\n${key}`
    },
  })
}

async function revoke({ env, store }: KeyCommandContext, { name }: Flags): Promise<string> {
  const { id } = await findByName(store, name)
  return recordCommand(env, store, {
    action: 'command.serviceKeyRevoke',
    subject: id,
    async run() {
      if (!(await store.serviceKeys.revoke(id, store.now()))) throw unknown(name)
      return `${name} is revoked; its next call is refused`
    },
  })
}

async function findByName({ serviceKeys }: Store, name: string): Promise<ServiceKey> {
  const keys = await serviceKeys.list()
  const found = keys.find((key) => key.name === name && key.revokedAt === null)
  if (found === undefined) throw unknown(name)
  return found
}

const unknown = (name: string) =>
  new CommandError(`there is no service key ${name}; see service-key:list`)

async function list({ serviceKeys, now }: Store): Promise<string> {
  const keys = await serviceKeys.list()
  const lines = keys.map((key) => describeKey(key, now()))
  return lines.length === 0 ? 'there is no service key' : lines.join('\n')
}

/** @param now ms since the epoch: a secret from before a rotation is named only while it is accepted */
function describeKey(key: ServiceKey, now: number): string {
  const { name, scopes, createdAt, revokedAt, secrets } = key
  const accepted = secrets.filter(({ expiresAt }) => expiresAt !== null && expiresAt > now)
  const olderUntil = Math.max(...accepted.map(({ expiresAt }) => expiresAt ?? 0), 0)
  return [
    name,
    scopes.join(','),
    `created ${isoTime(createdAt)}`,
    describeUse(secrets),
    ...(olderUntil === 0 || revokedAt !== null
      ? []
      : [`key before until ${isoTime(olderUntil)}, ${describeUse(accepted)}`]),
    ...(revokedAt === null ? [] : [`revoked ${isoTime(revokedAt)}`]),
  ].join('  ')
}

/** The last use of any of the secrets: that of the ones before a rotation says whether the rotation is done. */
function describeUse(secrets: ServiceKey['secrets']): string {
  const used = Math.max(...secrets.map(({ lastUsedAt }) => lastUsedAt ?? 0), 0)
  return used === 0 ? 'never used' : `last used ${isoTime(used)}`
}

const isoTime = (ms: number): string => new Date(ms).toISOString()
