import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '../service/trpc-client.ts'

/**
 * Returns the name of a mini program, or its appid where the service has no name for it. The names come with the
 * signed-in administrator, so no page makes a call for them.
 */
export function useAppName(): (appId: string) => string {
  const { data } = useQuery(useTRPC().account.current.queryOptions())
  return (appId) => data?.apps.find((app) => app.appId === appId)?.name ?? appId
}
