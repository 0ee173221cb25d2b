import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import type { ReactNode } from 'react'
import { useConfirm } from '../../feedback/use-confirm.ts'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import { useErrorMessage } from '../../service/error-message.ts'
import { type AdminOutput, useTRPC } from '../../service/trpc-client.ts'
import { mergesText } from './text.ts'
import { useRefetchMerges } from './use-refetch-merges.ts'

interface UndoButtonProps {
  readonly merge: AdminOutput['conflicts']['merge']['merge']
  readonly onUndone?: () => void
}

/** Undoes a merge after confirmation, and shows the deadline. */
export function UndoButton({ merge, onUndone }: UndoButtonProps): ReactNode {
  const text = useText(mergesText)
  const format = useFormat()
  const trpc = useTRPC()
  const errorMessage = useErrorMessage()
  const { message } = App.useApp()
  const confirm = useConfirm()
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
  const askUndo = () =>
    confirm({
      title: text.undoTitle,
      content: text.undoWarning(merge.gone.name ?? merge.gone.id),
      okText: text.undo,
      isDanger: false,
      onConfirm: () => undo.mutateAsync({ mergeId: merge.id }),
    })
  return (
    <span className="undo">
      <Button onClick={askUndo} loading={undo.isPending}>
        {text.undo}
      </Button>
      <span className="secondary-text">{text.undoUntil(format.calendarTime(merge.undoUntil))}</span>
    </span>
  )
}
