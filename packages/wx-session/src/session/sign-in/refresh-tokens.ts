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

/** Falsy when there is no refresh, or the server has rejected it. @throws TypeError for a reply without a token */
export const refreshTokens = (
  ask: Ask,
  { refreshToken, refreshTokenExpiresAt }: Tokens,
  options: RefreshOptions,
): Promise<Tokens | false> | '' | null | undefined =>
  options.refresh &&
  refreshToken &&
  ask(() => (options as Refreshing).refresh(refreshToken)).then(
    (renewed) => {
      if (!isTokens(renewed)) throw new TypeError('refresh: no access token')
      // A backend may keep the refresh token and send a new access token only. The times are those of the new tokens.
      return renewed.refreshToken
        ? renewed
        : merge({ refreshTokenExpiresAt }, merge(renewed, { refreshToken }))
    },
    (error: unknown) => {
      if (options.isUnauthenticated(error)) return false
      throw error
    },
  )
