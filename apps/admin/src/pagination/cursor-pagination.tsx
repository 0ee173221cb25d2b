import { LeftOutlined, RightOutlined, VerticalRightOutlined } from '@ant-design/icons'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { texts, useText } from '../language/texts.ts'
import './pagination.css'

const text = texts({
  zh: { pages: '翻页', first: '首页', previous: '上一页', next: '下一页' },
  en: { pages: 'Pages', first: 'First', previous: 'Previous', next: 'Next' },
})

interface CursorPaginationProps {
  /** Cursor of the current page, from the URL; undefined on the first page. */
  readonly cursor: string | undefined
  /** Cursor of the next page; null on the last page. */
  readonly next: string | null
}

/**
 * Cursor pagination. The URL holds the current cursor, so reload and the back button work. The cursors of the
 * previous pages are kept in the history state, because a cursor only leads forward.
 */
export function CursorPagination({ cursor, next }: CursorPaginationProps): ReactNode {
  const t = useText(text)
  const navigate = useNavigate()
  const previousCursors = useLocation({ select: ({ state }) => state.previousCursors }) ?? []
  if (cursor === undefined && next === null) return null
  const go = (to: string | null, previousCursors: readonly (string | null)[]) =>
    navigate({
      to: '.',
      search: (old: Record<string, unknown>) => ({ ...old, cursor: to ?? undefined }),
      state: { previousCursors },
    })
  return (
    <nav className="cursor-pagination" aria-label={t.pages}>
      <Button
        icon={<VerticalRightOutlined aria-hidden />}
        disabled={cursor === undefined}
        onClick={() => go(null, [])}
      >
        {t.first}
      </Button>
      <Button
        icon={<LeftOutlined aria-hidden />}
        disabled={previousCursors.length === 0}
        onClick={() => go(previousCursors.at(-1) ?? null, previousCursors.slice(0, -1))}
      >
        {t.previous}
      </Button>
      <Button
        icon={<RightOutlined aria-hidden />}
        iconPlacement="end"
        disabled={next === null}
        onClick={() => go(next, [...previousCursors, cursor ?? null])}
      >
        {t.next}
      </Button>
    </nav>
  )
}
