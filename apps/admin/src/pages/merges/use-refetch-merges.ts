import { useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '../../service/trpc-client.ts'

/** Fetches anew what a merge or its undo changed; not the preview, whose conflict is gone. */
export function useRefetchMerges(): () => Promise<unknown> {
  const { list, merges } = useTRPC().conflicts
  const client = useQueryClient()
  return () =>
    Promise.all([
      client.invalidateQueries(list.pathFilter()),
      client.invalidateQueries(merges.pathFilter()),
    ])
}
