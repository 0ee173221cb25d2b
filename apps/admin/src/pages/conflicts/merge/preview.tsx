import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Drawer, Result, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../language/texts.ts'
import { Refusal } from '../../../layout/refusal.tsx'
import { type AdminInput, type AdminOutput, useTRPC } from '../../../service/trpc.ts'
import { conflictsText } from '../text.ts'
import { mergeEffects, partyName } from './effects.ts'
import { useRefresh } from './refresh.ts'
import { UndoButton } from './undo.tsx'

interface PreviewProps {
  readonly order: AdminInput['conflicts']['merge']
  readonly open: boolean
  readonly onClose: () => void
}

/** What a merge would do, in plain words; from here it is done. */
export function Preview({ order, open, onClose }: PreviewProps): ReactNode {
  const text = useText(conflictsText)
  const trpc = useTRPC()
  const { modal } = App.useApp()
  const { reset, ...merge } = useMutation(
    trpc.admin.conflicts.merge.mutationOptions({ onSuccess: useRefresh() }),
  )
  const { data, error, refetch } = useQuery({
    ...trpc.admin.conflicts.preview.queryOptions(order),
    enabled: open && merge.data === undefined,
    staleTime: 0,
    gcTime: 0,
  })
  const [gone, kept] = data === undefined ? [] : [partyName(data.gone), partyName(data.kept)]
  const ask = () =>
    modal.confirm({
      title: text.confirmTitle,
      content: text.confirmMerge(gone ?? '', kept ?? ''),
      okText: text.confirmOk,
      okButtonProps: { danger: true },
      onOk: () => merge.mutateAsync(order).catch(() => undefined),
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
          {merge.error !== null && <Refusal error={merge.error} />}
          {error !== null && <Refusal error={error} retry={refetch} />}
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
        <strong>{text.previewLead(partyName(preview.gone), partyName(preview.kept))}</strong>
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
