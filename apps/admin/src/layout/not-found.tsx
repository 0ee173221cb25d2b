import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../language/texts.ts'
import { layoutText } from './text.ts'

export function NotFound(): ReactNode {
  const text = useText(layoutText)
  return (
    <main className="standalone-page">
      <h1>{text.notFound}</h1>
      <p>{text.notFoundHint}</p>
      <Link to="/">{text.toOverview}</Link>
    </main>
  )
}
