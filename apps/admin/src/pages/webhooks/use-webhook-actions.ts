import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useConfirm } from '../../feedback/use-confirm.ts'
import { useText } from '../../language/texts.ts'
import { useErrorMessage } from '../../service/error-message.ts'
import { type AdminInput, useTRPC } from '../../service/trpc-client.ts'
import { webhooksText } from './text.ts'
import type { ListedWebhook } from './webhook-table.tsx'

/** One delivery, or all of a webhook that were given up. */
export type DeadRef = AdminInput['webhooks']['discard']

/** What needs no code: each shows its result, and the lists are read again. */
export function useWebhookActions(): {
  readonly test: (webhook: ListedWebhook) => void
  readonly remove: (webhook: ListedWebhook) => void
  readonly replay: (ref: DeadRef) => void
  readonly discard: (ref: DeadRef) => void
} {
  const text = useText(webhooksText)
  const confirm = useConfirm()
  const { webhooks } = useTRPC()
  const toasts = useToasts()
  const test = useMutation(webhooks.test.mutationOptions(toasts(() => text.tested)))
  const remove = useMutation(webhooks.remove.mutationOptions(toasts(() => text.removed)))
  const replay = useMutation(
    webhooks.replay.mutationOptions(toasts(({ replayed }) => text.replayed(replayed))),
  )
  const discard = useMutation(
    webhooks.discard.mutationOptions(toasts(({ discarded }) => text.discarded(discarded))),
  )
  return {
    test: ({ id }) => test.mutate({ webhookId: id }),
    remove: ({ id, url }) =>
      confirm({
        title: text.removeTitle,
        content: `${url} · ${text.removeWarning}`,
        okText: text.remove,
        onConfirm: () => remove.mutateAsync({ webhookId: id }),
      }),
    replay: (ref) => replay.mutate(ref),
    discard: (ref) =>
      confirm({
        title: 'webhookId' in ref ? text.discardAllTitle : text.discardTitle,
        content: text.discardWarning,
        okText: text.discard,
        onConfirm: () => discard.mutateAsync(ref),
      }),
  }
}

function useToasts() {
  const { message } = App.useApp()
  const errorMessage = useErrorMessage()
  const queryClient = useQueryClient()
  const filter = useTRPC().webhooks.pathFilter()
  return <T>(textOf: (result: T) => string) => ({
    onSuccess: (result: T) => void message.success(textOf(result)),
    onError: (error: unknown) => void message.error(errorMessage(error)),
    onSettled: () => queryClient.invalidateQueries(filter),
  })
}
