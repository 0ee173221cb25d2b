import { useMutation, useQuery } from '@tanstack/react-query'
import { Input, Modal, Skeleton } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { useMutationToasts } from '../../../../feedback/use-mutation-toasts.ts'
import { useFormat } from '../../../../language/format.ts'
import { useText } from '../../../../language/texts.ts'
import { ErrorAlert } from '../../../../layout/error-alert.tsx'
import { type AdminInput, type AdminOutput, useTRPC } from '../../../../service/trpc-client.ts'
import { bulkText } from './text.ts'

export type BulkAction = AdminInput['people']['bulk']['action']

interface BulkDialogProps {
  readonly action: BulkAction
  readonly userIds: readonly string[]
  /** `done`: the action was performed. */
  readonly onClose: (done: boolean) => void
}

/** Shows what will happen to the selected people, asks for the reason, and does it. */
export function BulkDialog({ action, userIds, onClose }: BulkDialogProps): ReactNode {
  const text = useText(bulkText)
  const format = useFormat()
  const id = useId()
  const toasts = useMutationToasts()
  const { people } = useTRPC()
  const [reason, setReason] = useState('')
  const order = { action, userIds: [...userIds] }
  const { onSuccess, onError } = toasts((result: AdminOutput['people']['bulk']) =>
    text.done(format.number(result.people), format.number(result.sessions)),
  )
  const run = useMutation(
    people.bulk.mutationOptions({
      onError,
      onSuccess: async (result) => {
        onClose(true)
        await onSuccess(result)
      },
    }),
  )
  // Not asked for again by what refreshes the page after the action.
  const isOpen = run.isIdle || run.isError
  const { data, error, refetch } = useQuery(
    people.previewBulk.queryOptions(order, { gcTime: 0, enabled: isOpen }),
  )
  const isReady = data !== undefined && data.people > 0 && reason.trim() !== ''
  return (
    <Modal
      open
      title={text.title[action]}
      okText={text.confirm[action]}
      okButtonProps={{ danger: true, disabled: !isReady }}
      confirmLoading={run.isPending}
      onOk={() => run.mutate({ ...order, reason: reason.trim() })}
      onCancel={() => onClose(false)}
    >
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {data === undefined && error === null && <Skeleton active title={false} />}
      {data !== undefined && <Preview action={action} preview={data} />}
      <label htmlFor={id}>{text.reason}</label>
      <Input.TextArea
        id={id}
        value={reason}
        maxLength={500}
        rows={2}
        placeholder={text.reasonHint}
        onChange={({ target }) => setReason(target.value)}
      />
    </Modal>
  )
}

function Preview({
  action,
  preview: { people, sessions, skipped },
}: {
  action: BulkAction
  preview: AdminOutput['people']['previewBulk']
}): ReactNode {
  const text = useText(bulkText)
  const format = useFormat()
  const reasons = [...new Set(skipped.map(({ why }) => why))]
  const countOf = (why: string) => skipped.filter((each) => each.why === why).length
  return (
    <>
      <p>{text.effect[action](format.number(people), format.number(sessions))}</p>
      {reasons.length > 0 && (
        <ul className="bulk-skipped secondary-text">
          {reasons.map((why) => (
            <li key={why}>{text.skipped(format.number(countOf(why)), text.why[why])}</li>
          ))}
        </ul>
      )}
    </>
  )
}
