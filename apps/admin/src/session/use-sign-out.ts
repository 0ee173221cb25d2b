import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useCallback } from 'react'
import { trpcClient } from '../service/trpc-client.ts'

/** Ends the session and forgets all that was fetched under it. Of who was idle, it remembers where they were. */
export function useSignOut(): (why?: 'idle') => Promise<void> {
  const queryClient = useQueryClient()
  const router = useRouter()
  return useCallback(
    async (why) => {
      const back = why === undefined ? undefined : router.state.location.href
      // The page leaves in any case: what the service cannot be told, its own time-out does.
      await trpcClient.account.signOut.mutate().catch(() => undefined)
      await router.navigate({ to: '/sign-in', search: { why, back } })
      queryClient.clear()
    },
    [queryClient, router],
  )
}
