import type { StorageLike } from '../storage/storage-like.ts'
import { isScope, type Scope, scopes } from './scope.ts'

/** What one person has allowed one mini program; WeChat keeps it, not the mini program. */
export interface Permissions {
  /** Undefined for what was never asked. */
  scope(scope: Scope): boolean | undefined
  /** Undefined takes the answer back: the next `wx.authorize` asks. */
  setScope(scope: Scope, granted: boolean | undefined): void
  requestedScopes(): Scope[]
  /** Whether the person has agreed to the privacy contract. */
  privacy(): boolean
  setPrivacy(agreed: boolean): void
  /** As when the person deletes the mini program from the list of recent ones. */
  reset(): void
}

interface StoredPermissions {
  scopes: Partial<Record<Scope, boolean>>
  privacy: boolean
}

/** `user` is read at every use. Out of reach of `wx.clearStorage`. */
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
