import type { StorageLike } from '../storage/backing.ts'
import { isScope, type Scope, scopes } from './scope.ts'

/** What one person has allowed one mini program; WeChat keeps it, not the mini program. */
export interface Permissions {
  /** Undefined for what was never asked. */
  scope(scope: Scope): boolean | undefined
  /** Undefined takes the answer back: the next `wx.authorize` asks. */
  setScope(scope: Scope, granted: boolean | undefined): void
  asked(): Scope[]
  /** Whether the person has agreed to the privacy contract. */
  privacy(): boolean
  setPrivacy(agreed: boolean): void
  /** As when the person deletes the mini program from the list of recent ones. */
  reset(): void
}

interface Kept {
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
  const read = (): Kept => keptIn(backing.getItem(key()))
  const change = (part: Partial<Kept>): void =>
    backing.setItem(key(), JSON.stringify({ ...read(), ...part }))

  return {
    scope: (scope) => read().scopes[scope],
    setScope(scope, granted) {
      const { [scope]: _, ...others } = read().scopes
      change({ scopes: granted === undefined ? others : { ...others, [scope]: granted } })
    },
    asked() {
      const kept = read().scopes
      return scopes.filter((scope) => kept[scope] !== undefined)
    },
    privacy: () => read().privacy,
    setPrivacy: (privacy) => change({ privacy }),
    reset: () => backing.removeItem(key()),
  }
}

function keptIn(text: string | null): Kept {
  try {
    const kept = JSON.parse(text ?? '{}') as Partial<Kept>
    const answers = Object.entries(kept.scopes ?? {}).filter(
      ([scope, granted]) => isScope(scope) && typeof granted === 'boolean',
    )
    return { scopes: Object.fromEntries(answers), privacy: kept.privacy === true }
  } catch {
    return { scopes: {}, privacy: false }
  }
}
