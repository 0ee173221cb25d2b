import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useCallback } from 'react'
import { trpcClient } from '../service/trpc-client.ts'

/** Ends the session and clears the query cache. After an idle time-out, sign-in returns to the current page. */
export function useSignOut(): (why?: 'idle') => Promise<void> {
  const queryClient = useQueryClient()
  const router = useRouter()
  return useCallback(
    async (why) => {
      const back = why === undefined ? undefined : router.state.location.href
      // Leave even if the call fails: the service ends the session by its own time-out.
      await trpcClient.account.signOut.mutate().catch(() => undefined)
      await router.navigate({ to: '/sign-in', search: { why, back } })
      queryClient.clear()
    },
    [queryClient, router],
  )
}
