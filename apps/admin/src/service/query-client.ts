import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { type Fault, faultOf } from './failure.ts'

/** Where the network failed or the service sheds load, a read is tried again after 1 s and 2 s. */
const maxRetries = 2
const passesByItself = (fault: Fault) => fault === 'unreachable' || fault === 'overloaded'

/**
 * Nothing is fetched anew unasked, since each call of an operator is in the audit log. A query with the meta
 * `atTheDoor` is asked before a page is shown, and whoever asks deals with strangers.
 */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (faultOf(error) === 'unauthenticated') onSignedOut()
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
        retry: (failures, error) => failures < maxRetries && passesByItself(faultOf(error)),
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        staleTime: 1_000,
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}
