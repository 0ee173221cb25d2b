import { type ReactNode, useEffect } from 'react'
import { useText } from '../language/texts.ts'
import { layoutText } from './text.ts'

interface PageProps {
  readonly title: string
  /** Buttons to the right of the heading. */
  readonly actions?: ReactNode
  readonly children?: ReactNode
}

/** A page with its heading, which is also the document title. */
export function Page({ title, actions, children }: PageProps): ReactNode {
  const { console } = useText(layoutText)
  useEffect(() => {
    document.title = `${title} · ${console}`
  }, [title, console])
  return (
    <>
      <header className="page-header">
        <h1>{title}</h1>
        {actions}
      </header>
      {children}
    </>
  )
}
