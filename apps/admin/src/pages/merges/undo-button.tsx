import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import { useErrorMessage } from '../../service/error-message.ts'
import { type AdminOutput, useTRPC } from '../../service/trpc-client.ts'
import { conflictsText } from './text.ts'
import { useRefetchMerges } from './use-refetch-merges.ts'

interface UndoButtonProps {
  readonly merge: AdminOutput['conflicts']['merge']['merge']
  readonly onUndone?: () => void
}

/** Asks first, in words, and says until when. */
export function UndoButton({ merge, onUndone }: UndoButtonProps): ReactNode {
  const text = useText(conflictsText)
  const format = useFormat()
  const trpc = useTRPC()
  const errorMessage = useErrorMessage()
  const { modal, message } = App.useApp()
  const undo = useMutation(
    trpc.conflicts.undo.mutationOptions({
      onSuccess: () => {
        message.success(text.undone)
        onUndone?.()
      },
      onError: (error) => message.error(errorMessage(error)),
      onSettled: useRefetchMerges(),
    }),
  )
  const ask = () =>
    modal.confirm({
      title: text.undoTitle,
      content: text.undoWhat(merge.gone.name ?? merge.gone.id),
      okText: text.undo,
      onOk: () => undo.mutateAsync({ mergeId: merge.id }).catch(() => undefined),
    })
  return (
    <span className="undo">
      <Button onClick={ask} loading={undo.isPending}>
        {text.undo}
      </Button>
      <span className="soft">{text.undoUntil(format.near(merge.undoUntil))}</span>
    </span>
  )
}
