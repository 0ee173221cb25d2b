import { type CallScope, runInMode } from '../call-scope.ts'
import { isTokens, type Tokens } from '../state/session-state.ts'

export interface RefreshOptions {
  refresh?: ((refreshToken: string) => Promise<Tokens>) | undefined
  isUnauthenticated(failure: unknown): boolean
  /** Milliseconds for `refresh`. */
  requestTimeout: number
}

/** Null when there is no refresh, or the server has rejected it or replied without a token. */
export async function refreshTokens(
  scope: CallScope,
  tokens: Tokens | null,
  { refresh, requestTimeout, isUnauthenticated }: RefreshOptions,
): Promise<Tokens | null> {
  const token = tokens?.refreshToken
  if (!refresh || !token) return null
  try {
    const renewed = await runInMode(scope, 'public', [() => refresh(token), requestTimeout])
    // A backend may keep the refresh token and send a new access token only.
    return isTokens(renewed) ? Object.assign({}, tokens, renewed) : null
  } catch (error) {
    if (isUnauthenticated(error)) return null
    throw error
  }
}
