import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Drawer, Result, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../language/texts.ts'
import { ErrorAlert } from '../../../layout/error-alert.tsx'
import { type AdminInput, type AdminOutput, useTRPC } from '../../../service/trpc-client.ts'
import { conflictsText } from '../text.ts'
import { UndoButton } from '../undo-button.tsx'
import { useRefetchMerges } from '../use-refetch-merges.ts'
import { distinguishingName, mergeEffects } from './merge-effects.ts'

interface PreviewDrawerProps {
  readonly mergeInput: AdminInput['conflicts']['merge']
  readonly open: boolean
  readonly onClose: () => void
}

/** What a merge would do, in plain words; from here it is done. */
export function PreviewDrawer({ mergeInput, open, onClose }: PreviewDrawerProps): ReactNode {
  const text = useText(conflictsText)
  const trpc = useTRPC()
  const { modal } = App.useApp()
  const { reset, ...merge } = useMutation(
    trpc.conflicts.merge.mutationOptions({ onSuccess: useRefetchMerges() }),
  )
  const { data, error, refetch } = useQuery({
    ...trpc.conflicts.preview.queryOptions(mergeInput),
    enabled: open && merge.data === undefined,
    staleTime: 0,
    gcTime: 0,
  })
  const [gone, kept] =
    data === undefined ? [] : [distinguishingName(data.gone), distinguishingName(data.kept)]
  const ask = () =>
    modal.confirm({
      title: text.confirmTitle,
      content: text.confirmMerge(gone ?? '', kept ?? ''),
      okText: text.confirmOk,
      okButtonProps: { danger: true },
      onOk: () => merge.mutateAsync(mergeInput).catch(() => undefined),
    })
  const footer = (
    <div className="preview-foot">
      <Button onClick={onClose}>{text.cancel}</Button>
      <Button
        type="primary"
        danger
        disabled={data === undefined}
        loading={merge.isPending}
        onClick={ask}
      >
        {text.merge}
      </Button>
    </div>
  )
  return (
    <Drawer
      open={open}
      onClose={onClose}
      afterOpenChange={(shown) => !shown && reset()}
      size={560}
      title={text.previewTitle}
      footer={merge.data === undefined ? footer : null}
    >
      {merge.data === undefined && (
        <>
          {merge.error !== null && <ErrorAlert error={merge.error} />}
          {error !== null && <ErrorAlert error={error} retry={refetch} />}
          {data === undefined && error === null && <Skeleton active />}
          {data !== undefined && <Effects preview={data} />}
        </>
      )}
      {merge.data !== undefined && <Done merge={merge.data.merge} onClose={onClose} />}
    </Drawer>
  )
}

function Effects({ preview }: { preview: AdminOutput['conflicts']['preview'] }): ReactNode {
  const text = useText(conflictsText)
  const { moves, stays, ends } = mergeEffects(preview, text)
  return (
    <div className="effects">
      <p>
        <strong>
          {text.previewLead(distinguishingName(preview.gone), distinguishingName(preview.kept))}
        </strong>
      </p>
      <Effect title={text.moves} lines={moves.length > 0 ? moves : [text.noMoves]} />
      {stays.length > 0 && <Effect title={text.stays} lines={stays} />}
      <Effect title={text.ends} lines={ends} />
    </div>
  )
}

function Effect({ title, lines }: { title: string; lines: readonly string[] }): ReactNode {
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  )
}

interface DoneProps {
  readonly merge: AdminOutput['conflicts']['merge']['merge']
  readonly onClose: () => void
}

function Done({ merge, onClose }: DoneProps): ReactNode {
  const text = useText(conflictsText)
  const [gone, kept] = [merge.gone.name ?? merge.gone.id, merge.kept.name ?? merge.kept.id]
  return (
    <Result
      status="success"
      title={text.merged}
      subTitle={text.mergedLead(gone, kept)}
      extra={[
        <Button key="close" type="primary" onClick={onClose}>
          {text.close}
        </Button>,
        <UndoButton key="undo" merge={merge} onUndone={onClose} />,
      ]}
    />
  )
}
