import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { reasonOf, transientErrors } from './error-message.ts'

/** How often a query is repeated after a transient error: after 1 s and 2 s (TanStack Query's default delays). */
const maxRetries = 2

/**
 * Creates the query cache. Nothing is refetched automatically, because the service writes each call of an
 * administrator to the audit log. `onSignedOut` runs when a call fails with `unauthenticated`, except for a
 * query whose meta has `handlesSignedOut`: the route guard handles that error itself.
 */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (reasonOf(error) === 'unauthenticated') onSignedOut()
  }
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, { meta }) => {
        if (meta?.['handlesSignedOut'] !== true) onError(error)
      },
    }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        retry: (failures, error) =>
          failures < maxRetries && transientErrors.get(reasonOf(error)) === 'retry',
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        staleTime: 1_000,
      },
      // Passwords, codes and secrets are among the inputs and results, so none outlives the page that shows it.
      mutations: { retry: false, networkMode: 'always', gcTime: 0 },
    },
  })
}
