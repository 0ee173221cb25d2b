import type { Tokens } from './session-state.ts'

/**
 * How the calls started right now are to be treated: `public` calls bypass the session, and the
 * last call of a sign-out still carries the tokens that are being given up. Null is the rule.
 */
export type Scope = 'public' | { leavingWith: Tokens } | null

export interface CallScope {
  readonly current: Scope
  /** Runs a function whose calls, as far as it starts them at once, are in the scope. */
  within<T>(scope: Scope, run: () => T): T
}

export function createCallScope(): CallScope {
  let current: Scope = null
  return {
    get current() {
      return current
    },
    within(scope, run) {
      const outer = current
      current = scope
      try {
        return run()
      } finally {
        current = outer
      }
    },
  }
}
