import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import { ErrorAlert } from '../../layout/error-alert.tsx'
import { type AdminOutput, useTRPC } from '../../service/trpc-client.ts'
import { conflictsText } from './text.ts'
import { UndoButton } from './undo-button.tsx'

type MergeLine = AdminOutput['conflicts']['merges']['merges'][number]

/** Who was merged lately, and what of it can still be undone. */
export function MergeList(): ReactNode {
  const text = useText(conflictsText)
  const trpc = useTRPC()
  const { data, error, refetch } = useQuery(trpc.conflicts.merges.queryOptions())
  return (
    <section className="card merges" aria-labelledby="merges">
      <h2 id="merges">{text.merges}</h2>
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {data === undefined && error === null && <Skeleton active title={false} />}
      {data?.merges.length === 0 && <p className="soft">{text.noMerges}</p>}
      <ul>
        {data?.merges.map((merge) => (
          <MergeItem key={merge.id} merge={merge} />
        ))}
      </ul>
    </section>
  )
}

function MergeItem({ merge }: { merge: MergeLine }): ReactNode {
  const text = useText(conflictsText)
  const format = useFormat()
  const { kept, gone, mergedAt, operatorId } = merge
  return (
    <li>
      <div>
        <Link to="/people/$userId" params={{ userId: kept.id }}>
          {text.mergedInto(gone.name ?? gone.id, kept.name ?? kept.id)}
        </Link>
        <div className="soft">
          {text.at(format.near(mergedAt))} · {text.byWhom}{' '}
          <Link to="/people/$userId" params={{ userId: operatorId }} className="code">
            {operatorId}
          </Link>
        </div>
      </div>
      <State merge={merge} />
    </li>
  )
}

function State({ merge }: { merge: MergeLine }): ReactNode {
  const text = useText(conflictsText)
  const format = useFormat()
  if (merge.undoneAt !== null)
    return <span className="soft">{text.undoneAt(format.near(merge.undoneAt))}</span>
  if (Date.parse(merge.undoUntil) <= Date.now()) return <span className="soft">{text.tooLate}</span>
  return <UndoButton merge={merge} />
}
