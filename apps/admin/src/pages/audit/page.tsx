import { ReloadOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../language/texts.ts'
import { EmptyState } from '../../layout/empty-state.tsx'
import { ErrorAlert } from '../../layout/error-alert.tsx'
import { Page } from '../../layout/page.tsx'
import { layoutText } from '../../layout/text.ts'
import { CursorPagination } from '../../pagination/cursor-pagination.tsx'
import { useTRPC } from '../../service/trpc-client.ts'
import { AuditTable } from './audit-table.tsx'
import { ExportButton } from './export/export-button.tsx'
import { auditFilter, toAuditQuery } from './filter.ts'
import { AuditFilters } from './filters.tsx'
import { auditText } from './text.ts'
import './audit.css'

const route = getRouteApi('/layout/audit')

export function AuditPage(): ReactNode {
  const text = useText(auditText)
  const title = useText(layoutText).audit
  const { cursor, ...raw } = route.useSearch()
  const search = auditFilter(raw)
  const filter = toAuditQuery(search)
  const query = { ...filter, ...(cursor === undefined ? {} : { cursor }) }
  const { data, error, refetch, isFetching, isPlaceholderData } = useQuery(
    useTRPC().audit.list.queryOptions(query, { placeholderData: keepPreviousData }),
  )
  const isFiltered = Object.keys(search).length > 0
  const actions = (
    <div className="audit-actions">
      <ExportButton filter={filter} />
      <Button icon={<ReloadOutlined aria-hidden />} loading={isFetching} onClick={() => refetch()}>
        {text.refresh}
      </Button>
    </div>
  )
  return (
    <Page title={title} actions={actions}>
      <AuditFilters key={JSON.stringify(search)} current={search} />
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {error === null && data === undefined && (
        <div className="card">
          <Skeleton active title={false} paragraph={{ rows: 12 }} aria-label={text.loading} />
        </div>
      )}
      {error === null && data !== undefined && (
        <div aria-busy={isPlaceholderData}>
          {data.items.length > 0 && <AuditTable entries={data.items} />}
          {data.items.length === 0 && (
            <EmptyState
              title={isFiltered ? text.noMatch : text.none}
              hint={isFiltered ? text.noMatchHint : text.noneHint}
            />
          )}
          <CursorPagination cursor={cursor} next={data.next} />
        </div>
      )}
    </Page>
  )
}
