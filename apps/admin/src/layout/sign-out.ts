import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useCallback } from 'react'
import { trpcClient } from '../service/trpc.ts'

/** Ends the session and forgets all that was fetched under it. */
export function useSignOut(): () => Promise<void> {
  const queryClient = useQueryClient()
  const router = useRouter()
  return useCallback(async () => {
    // The page leaves in any case: what the service cannot be told, its idle time-out does.
    await trpcClient.admin.operator.signOut.mutate().catch(() => undefined)
    queryClient.clear()
    await router.navigate({ to: '/sign-in' })
  }, [queryClient, router])
}
