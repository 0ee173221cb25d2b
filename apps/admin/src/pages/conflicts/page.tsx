import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import { type ReactNode, useState } from 'react'
import { useText } from '../../language/texts.ts'
import { Page } from '../../layout/page.tsx'
import { Refusal } from '../../layout/refusal.tsx'
import { layoutText } from '../../layout/text.ts'
import { CursorPages } from '../../paging/cursor-pages.tsx'
import { type AdminInput, useTRPC } from '../../service/trpc.ts'
import { Conflict } from './conflict.tsx'
import { Preview } from './merge/preview.tsx'
import { Merges } from './merges.tsx'
import { conflictsText } from './text.ts'
import './conflicts.css'

type Order = AdminInput['conflicts']['merge']

const route = getRouteApi('/frame/conflicts')

export function ConflictsPage(): ReactNode {
  const text = useText(conflictsText)
  const title = useText(layoutText).conflicts
  const { cursor } = route.useSearch()
  const trpc = useTRPC()
  const { data, error, refetch } = useQuery({
    ...trpc.admin.conflicts.list.queryOptions({ cursor }),
    placeholderData: keepPreviousData,
  })
  // The order outlives its drawer, which shows it while it closes.
  const [order, setOrder] = useState<Order>()
  const [open, setOpen] = useState(false)
  const preview = (chosen: Order) => {
    setOrder(chosen)
    setOpen(true)
  }
  return (
    <Page title={title}>
      <p className="soft conflicts-intro">{text.intro}</p>
      {error !== null && <Refusal error={error} retry={refetch} />}
      {data === undefined && error === null && (
        <Skeleton active paragraph={{ rows: 8 }} aria-label={text.loading} />
      )}
      {data?.items.length === 0 && (
        <div className="card conflicts-none">
          <h2>{text.none}</h2>
          <p className="soft">{text.noneHint}</p>
        </div>
      )}
      <div className="conflicts">
        {data?.items.map((conflict) => (
          <Conflict
            key={`${conflict.unionid} ${conflict.first.id} ${conflict.second.id}`}
            conflict={conflict}
            onKeep={preview}
          />
        ))}
      </div>
      {data !== undefined && <CursorPages cursor={cursor} next={data.next} />}
      <Merges />
      {order !== undefined && <Preview order={order} open={open} onClose={() => setOpen(false)} />}
    </Page>
  )
}
