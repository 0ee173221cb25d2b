import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { type ErrorReason, reasonOf } from './error-message.ts'

/** Where the network failed or the service sheds load, a read is tried again after 1 s and 2 s. */
const maxRetries = 2
const passesByItself = (reason: ErrorReason) => reason === 'unreachable' || reason === 'overloaded'

/**
 * Nothing is fetched anew unasked, since each call of an operator is in the audit log. A query with the meta
 * `atTheDoor` is asked before a page is shown, and whoever asks deals with strangers.
 */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (reasonOf(error) === 'unauthenticated') onSignedOut()
  }
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, { meta }) => {
        if (meta?.['atTheDoor'] !== true) onError(error)
      },
    }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < maxRetries && passesByItself(reasonOf(error)),
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        staleTime: 1_000,
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}
