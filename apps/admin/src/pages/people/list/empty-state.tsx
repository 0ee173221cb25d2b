import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../../../language/texts.ts'
import { peopleText } from './text.ts'

export function EmptyState({ isFiltered }: { isFiltered: boolean }): ReactNode {
  const text = useText(peopleText)
  return (
    <div className="card empty">
      <h2>{isFiltered ? text.noMatch : text.none}</h2>
      <p className="soft">{isFiltered ? text.noMatchHint : text.noneHint}</p>
      {isFiltered && <Link to="/people">{text.clear}</Link>}
    </div>
  )
}
