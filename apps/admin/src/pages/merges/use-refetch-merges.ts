import { useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '../../service/trpc-client.ts'

/**
 * Refetches the conflicts and merges after a merge or its undo. The preview is left out: its conflict no longer
 * exists.
 */
export function useRefetchMerges(): () => Promise<unknown> {
  const { list, merges } = useTRPC().conflicts
  const client = useQueryClient()
  return () =>
    Promise.all([
      client.invalidateQueries(list.pathFilter()),
      client.invalidateQueries(merges.pathFilter()),
    ])
}
