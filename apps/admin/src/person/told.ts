import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useFailureSentence } from '../service/failure.ts'
import { useTRPC } from '../service/trpc.ts'

interface Told<T> {
  readonly onSuccess: (result: T) => Promise<void>
  readonly onError: (error: unknown) => void
}

/** For each act on a person: its result is told in words, and what is shown of people is fetched anew. */
export function useTold(): <T>(say: (result: T) => string) => Told<T> {
  const { message } = App.useApp()
  const sentenceOf = useFailureSentence()
  const queryClient = useQueryClient()
  const people = useTRPC().admin.people.pathFilter()
  return (say) => ({
    onSuccess: async (result) => {
      void message.success(say(result))
      await queryClient.invalidateQueries(people)
    },
    onError: (error) => {
      void message.error(sentenceOf(error))
    },
  })
}
