import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../../language/format.ts'
import { useText } from '../../../language/texts.ts'
import { EmptyState } from '../../../layout/empty-state.tsx'
import { ErrorAlert } from '../../../layout/error-alert.tsx'
import { Page } from '../../../layout/page.tsx'
import { CursorPagination } from '../../../pagination/cursor-pagination.tsx'
import { useTRPC } from '../../../service/trpc-client.ts'
import { ExportButton } from './export/export-button.tsx'
import { PeopleFilters } from './filters.tsx'
import { SelectablePeople } from './selectable-people.tsx'
import { peopleText } from './text.ts'
import '../../../theme/row-table.css'
import './people.css'

const route = getRouteApi('/layout/people')

export function PeoplePage(): ReactNode {
  const text = useText(peopleText)
  const format = useFormat()
  const query = route.useSearch()
  const { data, error, refetch, isPlaceholderData } = useQuery(
    useTRPC().people.list.queryOptions(query, { placeholderData: keepPreviousData }),
  )
  const { cursor, sort, ...filters } = query
  const isFiltered = Object.keys(query).length > 0
  return (
    <Page
      title={text.title}
      actions={
        <div className="people-actions">
          <p className="secondary-text keyboard-hint">{text.keyboardHint}</p>
          <span className="secondary-text" role="status">
            {data?.count && text.count(format.boundedCount(data.count))}
          </span>
          <ExportButton filter={filters} />
        </div>
      }
    >
      <PeopleFilters key={query.search} current={{ ...filters, ...(sort && { sort }) }} />
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {error === null && data === undefined && (
        <div className="card">
          <Skeleton active title={false} paragraph={{ rows: 12, width: '100%' }} />
        </div>
      )}
      {error === null && data !== undefined && (
        <div aria-busy={isPlaceholderData}>
          {data.items.length === 0 ? (
            <EmptyState
              title={isFiltered ? text.noMatch : text.none}
              hint={isFiltered ? text.noMatchHint : text.noneHint}
            >
              {isFiltered && <Link to="/people">{text.clear}</Link>}
            </EmptyState>
          ) : (
            <SelectablePeople key={JSON.stringify(query)} people={data.items} />
          )}
          <CursorPagination cursor={cursor} next={data.next} />
        </div>
      )}
    </Page>
  )
}
