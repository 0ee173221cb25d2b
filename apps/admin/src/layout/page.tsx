import { type ReactNode, useEffect } from 'react'
import { useText } from '../language/texts.ts'
import { layoutText } from './text.ts'

interface PageProps {
  readonly title: string
  /** Buttons on the right of the heading. */
  readonly actions?: ReactNode
  readonly children?: ReactNode
}

/** A page of the console: its heading, which is also the window's title, and what stands below. */
export function Page({ title, actions, children }: PageProps): ReactNode {
  const { console } = useText(layoutText)
  useEffect(() => {
    document.title = `${title} · ${console}`
  }, [title, console])
  return (
    <>
      <header className="page-head">
        <h1>{title}</h1>
        {actions}
      </header>
      {children}
    </>
  )
}
