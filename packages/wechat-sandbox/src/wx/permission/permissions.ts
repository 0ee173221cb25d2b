import type { StorageLike } from '../storage/storage-like.ts'
import { isScope, type Scope, scopes } from './scope.ts'

/** What one user has allowed one mini program. WeChat stores it, not the mini program. */
export interface Permissions {
  /** The decision on a scope; undefined where the user was never asked. */
  scope(scope: Scope): boolean | undefined
  /** Sets the decision; undefined removes it, so that the next `wx.authorize` asks again. */
  setScope(scope: Scope, granted: boolean | undefined): void
  /** The scopes with a decision. */
  requestedScopes(): Scope[]
  /** Whether the user has agreed to the privacy contract. */
  privacy(): boolean
  /** Sets the agreement to the privacy contract. */
  setPrivacy(agreed: boolean): void
  /** Removes all decisions, as deleting the mini program from WeChat's recent list does. */
  reset(): void
}

interface StoredPermissions {
  scopes: Partial<Record<Scope, boolean>>
  privacy: boolean
}

/**
 * Reads and changes what a user has allowed; `wx.clearStorage` does not remove it.
 *
 * @param backing the storage that `createWx` uses
 * @param user returns the name of the user; called at each use
 *
 * @example
 * const permissions = createPermissions(storage, 'wx6d69616e6d690001', () => 'ann')
 * permissions.setScope('scope.record', false)
 */
export function createPermissions(
  backing: StorageLike,
  appId: string,
  user: () => string,
): Permissions {
  const key = (): string => `wx-permissions:${appId}:${user()}`
  const read = (): StoredPermissions => parsePermissions(backing.getItem(key()))
  const update = (change: Partial<StoredPermissions>): void =>
    backing.setItem(key(), JSON.stringify({ ...read(), ...change }))

  return {
    scope: (scope) => read().scopes[scope],
    setScope(scope, granted) {
      const { [scope]: _, ...others } = read().scopes
      update({ scopes: granted === undefined ? others : { ...others, [scope]: granted } })
    },
    requestedScopes() {
      const stored = read().scopes
      return scopes.filter((scope) => stored[scope] !== undefined)
    },
    privacy: () => read().privacy,
    setPrivacy: (privacy) => update({ privacy }),
    reset: () => backing.removeItem(key()),
  }
}

function parsePermissions(text: string | null): StoredPermissions {
  try {
    const stored = JSON.parse(text ?? '{}') as Partial<StoredPermissions>
    const answers = Object.entries(stored.scopes ?? {}).filter(
      ([scope, granted]) => isScope(scope) && typeof granted === 'boolean',
    )
    return { scopes: Object.fromEntries(answers), privacy: stored.privacy === true }
  } catch {
    return { scopes: {}, privacy: false }
  }
}
