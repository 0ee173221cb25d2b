import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useErrorMessage } from '../service/error-message.ts'
import { useTRPC } from '../service/trpc-client.ts'

interface MutationToasts<T> {
  readonly onSuccess: (result: T) => Promise<void>
  readonly onError: (error: unknown) => void
}

/** For each act on a person: its result is told in words, and what is shown of people is fetched anew. */
export function useMutationToasts(): <T>(say: (result: T) => string) => MutationToasts<T> {
  const { message } = App.useApp()
  const errorMessage = useErrorMessage()
  const queryClient = useQueryClient()
  const people = useTRPC().people.pathFilter()
  return (say) => ({
    onSuccess: async (result) => {
      void message.success(say(result))
      await queryClient.invalidateQueries(people)
    },
    onError: (error) => {
      void message.error(errorMessage(error))
    },
  })
}
