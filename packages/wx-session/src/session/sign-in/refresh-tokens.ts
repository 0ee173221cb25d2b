import { merge } from '../fields.ts'
import { isTokens, type Tokens } from '../state/session-state.ts'
import type { Ask } from './code-exchange.ts'

export interface RefreshOptions {
  refresh?: ((refreshToken: string) => Promise<Tokens>) | undefined
  isUnauthenticated(failure: unknown): boolean
}

/** Options with a refresh. */
interface Refreshing {
  refresh(refreshToken: string): Promise<Tokens>
}

/** False when there is no refresh, or the server has rejected it or replied without a token. */
export const refreshTokens = async (
  ask: Ask,
  tokens: Tokens,
  options: RefreshOptions,
): Promise<Tokens | false> => {
  const { refreshToken } = tokens
  if (!options.refresh || !refreshToken) return false
  const renewed = await ask(() => (options as Refreshing).refresh(refreshToken)).catch(
    (error: unknown) => {
      if (!options.isUnauthenticated(error)) throw error
    },
  )
  // A backend may keep the refresh token and send a new access token only.
  return isTokens(renewed) && merge(tokens, renewed)
}
