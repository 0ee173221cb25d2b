import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import { ErrorAlert } from '../../layout/error-alert.tsx'
import { type AdminOutput, useTRPC } from '../../service/trpc-client.ts'
import { mergesText } from './text.ts'
import { UndoButton } from './undo-button.tsx'

type MergeRecord = AdminOutput['conflicts']['merges']['merges'][number]

/** Recent merges, with an undo button until the deadline. */
export function MergeList(): ReactNode {
  const text = useText(mergesText)
  const trpc = useTRPC()
  const { data, error, refetch } = useQuery(trpc.conflicts.merges.queryOptions())
  return (
    <section className="card merges" aria-labelledby="merges">
      <h2 id="merges">{text.merges}</h2>
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {data === undefined && error === null && <Skeleton active title={false} />}
      {data?.merges.length === 0 && <p className="secondary-text">{text.noMerges}</p>}
      <ul>
        {data?.merges.map((merge) => (
          <MergeItem key={merge.id} merge={merge} />
        ))}
      </ul>
    </section>
  )
}

function MergeItem({ merge }: { merge: MergeRecord }): ReactNode {
  const text = useText(mergesText)
  const format = useFormat()
  const { kept, gone, mergedAt, operatorId, operatorName } = merge
  return (
    <li>
      <div>
        <Link to="/people/$userId" params={{ userId: kept.id }}>
          {text.mergedInto(gone.name ?? gone.id, kept.name ?? kept.id)}
        </Link>
        <div className="secondary-text">
          {text.at(format.calendarTime(mergedAt))} · {text.mergedBy}{' '}
          <Link
            to="/people/$userId"
            params={{ userId: operatorId }}
            title={operatorId}
            className={operatorName === null ? 'code' : undefined}
          >
            {operatorName ?? operatorId}
          </Link>
        </div>
      </div>
      <MergeState merge={merge} />
    </li>
  )
}

function MergeState({ merge }: { merge: MergeRecord }): ReactNode {
  const text = useText(mergesText)
  const format = useFormat()
  if (merge.undoneAt !== null)
    return (
      <span className="secondary-text">{text.undoneAt(format.calendarTime(merge.undoneAt))}</span>
    )
  if (Date.parse(merge.undoUntil) <= Date.now())
    return <span className="secondary-text">{text.tooLate}</span>
  return <UndoButton merge={merge} />
}
