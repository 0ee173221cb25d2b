import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Drawer, Result, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useAppName } from '../../../app-name/use-app-name.ts'
import { useConfirm } from '../../../feedback/use-confirm.ts'
import { useText } from '../../../language/texts.ts'
import { ErrorAlert } from '../../../layout/error-alert.tsx'
import { type AdminInput, type AdminOutput, useTRPC } from '../../../service/trpc-client.ts'
import { mergesText } from '../text.ts'
import { UndoButton } from '../undo-button.tsx'
import { useRefetchMerges } from '../use-refetch-merges.ts'
import { distinguishingName, mergeEffects } from './merge-effects.ts'

interface PreviewDrawerProps {
  readonly mergeInput: AdminInput['conflicts']['merge']
  readonly open: boolean
  readonly onClose: () => void
}

/** Preview of a merge's effects, from which the merge is started. */
export function PreviewDrawer({ mergeInput, open, onClose }: PreviewDrawerProps): ReactNode {
  const text = useText(mergesText)
  const trpc = useTRPC()
  const confirm = useConfirm()
  const { reset, ...merge } = useMutation(
    trpc.conflicts.merge.mutationOptions({ onSuccess: useRefetchMerges() }),
  )
  const { data, error, refetch } = useQuery({
    ...trpc.conflicts.preview.queryOptions(mergeInput),
    enabled: open,
    staleTime: 0,
    gcTime: 0,
  })
  const [gone, kept] =
    data === undefined ? [] : [distinguishingName(data.gone), distinguishingName(data.kept)]
  const askMerge = () =>
    confirm({
      title: text.confirmTitle,
      content: text.confirmMerge(gone ?? '', kept ?? ''),
      okText: text.confirmOk,
      onConfirm: () => merge.mutateAsync(mergeInput),
    })
  const footer = (
    <div className="preview-footer">
      <Button onClick={onClose}>{text.cancel}</Button>
      <Button
        type="primary"
        danger
        disabled={data === undefined}
        loading={merge.isPending}
        onClick={askMerge}
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
      {merge.data !== undefined && <MergeDone merge={merge.data.merge} onClose={onClose} />}
    </Drawer>
  )
}

function Effects({ preview }: { preview: AdminOutput['conflicts']['preview'] }): ReactNode {
  const text = useText(mergesText)
  const { moves, stays, ends } = mergeEffects(preview, text, useAppName())
  return (
    <div className="effects">
      <p>
        <strong>
          {text.previewLead(distinguishingName(preview.gone), distinguishingName(preview.kept))}
        </strong>
      </p>
      <EffectList title={text.moves} effects={moves.length > 0 ? moves : [text.noMoves]} />
      {stays.length > 0 && <EffectList title={text.stays} effects={stays} />}
      <EffectList title={text.ends} effects={ends} />
    </div>
  )
}

function EffectList({ title, effects }: { title: string; effects: readonly string[] }): ReactNode {
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {effects.map((effect) => (
          <li key={effect}>{effect}</li>
        ))}
      </ul>
    </section>
  )
}

interface MergeDoneProps {
  readonly merge: AdminOutput['conflicts']['merge']['merge']
  readonly onClose: () => void
}

function MergeDone({ merge, onClose }: MergeDoneProps): ReactNode {
  const text = useText(mergesText)
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
