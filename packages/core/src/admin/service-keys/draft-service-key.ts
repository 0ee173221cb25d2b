import { Failure } from '../../failure.ts'
import type { Ports } from '../../ports.ts'
import { isServiceKeyName, type ServiceScope } from '../../service-keys/service-key.ts'
import type { ServiceKeyMaker } from '../../service-keys/service-key-maker.ts'
import type { NewServiceKey } from './service-key-store.ts'

/** How long the secret before is accepted after a rotation, in ms, where nothing else is asked for. */
export const defaultOverlap: number = 24 * 3_600_000
/** The longest time that can be asked for, in ms. */
export const maxOverlap: number = 30 * 24 * 3_600_000

type DraftPorts = { readonly serviceKeyMaker: ServiceKeyMaker } & Pick<Ports, 'now'> & {
    readonly tokens: Pick<Ports['tokens'], 'newId'>
  }

/**
 * A new key, to be shown and to be stored. Used by the console and by the command.
 *
 * @throws Failure `invalid_input` for another name than `isServiceKeyName` allows, and without a scope
 */
export function draftServiceKey(
  { serviceKeyMaker, tokens, now }: DraftPorts,
  { name, scopes }: { name: string; scopes: readonly ServiceScope[] },
): { key: string; stored: NewServiceKey } {
  if (!isServiceKeyName(name)) throw new Failure('invalid_input', { detail: 'name' })
  if (scopes.length === 0) throw new Failure('invalid_input', { detail: 'scopes' })
  const { key, hash } = serviceKeyMaker.newKey()
  const id = `key-${tokens.newId()}`
  return { key, stored: { id, name, scopes: [...new Set(scopes)], hash, at: now() } }
}

/**
 * The next secret of a key.
 *
 * @param overlap how long the secrets before are accepted, in ms
 * @throws Failure `invalid_input` for an overlap below 0 or above `maxOverlap`
 */
export function draftRotation(
  { serviceKeyMaker, now }: Pick<DraftPorts, 'serviceKeyMaker' | 'now'>,
  { id, overlap = defaultOverlap }: { id: string; overlap?: number | undefined },
): { key: string; stored: { id: string; hash: string; at: number; previousUntil: number } } {
  if (!(overlap >= 0 && overlap <= maxOverlap))
    throw new Failure('invalid_input', { detail: 'overlap' })
  const { key, hash } = serviceKeyMaker.newKey()
  const at = now()
  return { key, stored: { id, hash, at, previousUntil: at + overlap } }
}
