import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import { type ReactNode, useState } from 'react'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import { EmptyState } from '../../layout/empty-state.tsx'
import { ErrorAlert } from '../../layout/error-alert.tsx'
import { Page } from '../../layout/page.tsx'
import { layoutText } from '../../layout/text.ts'
import { CursorPagination } from '../../pagination/cursor-pagination.tsx'
import { type AdminInput, useTRPC } from '../../service/trpc-client.ts'
import { Conflict } from './conflict.tsx'
import { MergeList } from './merge-list.tsx'
import { PreviewDrawer } from './preview/preview-drawer.tsx'
import { mergesText } from './text.ts'
import './merges.css'

type MergeInput = AdminInput['conflicts']['merge']

const route = getRouteApi('/layout/conflicts')

export function MergesPage(): ReactNode {
  const text = useText(mergesText)
  const title = useText(layoutText).conflicts
  const format = useFormat()
  const { cursor } = route.useSearch()
  const trpc = useTRPC()
  const { data, error, refetch } = useQuery({
    ...trpc.conflicts.list.queryOptions({ cursor }),
    placeholderData: keepPreviousData,
  })
  // Kept after the drawer is closed: the drawer shows it during the closing animation.
  const [mergeInput, setMergeInput] = useState<MergeInput>()
  const [open, setOpen] = useState(false)
  const preview = (input: MergeInput) => {
    setMergeInput(input)
    setOpen(true)
  }
  return (
    <Page
      title={title}
      actions={
        <span className="secondary-text" role="status">
          {data?.count && text.count(format.boundedCount(data.count))}
        </span>
      }
    >
      <p className="secondary-text conflicts-intro">{text.intro}</p>
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {data === undefined && error === null && (
        <Skeleton active paragraph={{ rows: 8 }} aria-label={text.loading} />
      )}
      {data?.items.length === 0 && <EmptyState title={text.none} hint={text.noneHint} />}
      <div className="conflicts">
        {data?.items.map((conflict) => (
          <Conflict
            key={`${conflict.unionid} ${conflict.first.id} ${conflict.second.id}`}
            conflict={conflict}
            onKeep={preview}
          />
        ))}
      </div>
      {data !== undefined && <CursorPagination cursor={cursor} next={data.next} />}
      <MergeList />
      {mergeInput !== undefined && (
        <PreviewDrawer mergeInput={mergeInput} open={open} onClose={() => setOpen(false)} />
      )}
    </Page>
  )
}
