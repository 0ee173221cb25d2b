import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../language/texts.ts'
import { layoutText } from './text.ts'

export function NotFound(): ReactNode {
  const text = useText(layoutText)
  return (
    <main className="alone">
      <h1>{text.missing}</h1>
      <p>{text.missingHint}</p>
      <Link to="/">{text.toOverview}</Link>
    </main>
  )
}
