import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useErrorMessage } from '../service/error-message.ts'
import { useTRPC } from '../service/trpc-client.ts'

interface MutationToasts<T> {
  readonly onSuccess: (result: T) => Promise<void>
  readonly onError: (error: unknown) => void
}

/**
 * Mutation callbacks for actions on a person: show a toast, then refetch the people queries. `successText` makes
 * the toast from the result.
 */
export function useMutationToasts(): <T>(successText: (result: T) => string) => MutationToasts<T> {
  const { message } = App.useApp()
  const errorMessage = useErrorMessage()
  const queryClient = useQueryClient()
  const people = useTRPC().people.pathFilter()
  return (successText) => ({
    onSuccess: async (result) => {
      void message.success(successText(result))
      await queryClient.invalidateQueries(people)
    },
    onError: (error) => {
      void message.error(errorMessage(error))
    },
  })
}
