import { DownloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useText } from '../../../../language/texts.ts'
import type { AdminInput } from '../../../../service/trpc-client.ts'
import { peopleText } from '../text.ts'

// Loaded with the first export: most visits of the page need none.
const ExportDialog = lazy(async () => ({
  default: (await import('./export-dialog.tsx')).ExportDialog,
}))

export function ExportButton({
  filter,
}: {
  filter: Omit<NonNullable<AdminInput['people']['export']>, 'cursor' | 'limit'>
}): ReactNode {
  const text = useText(peopleText)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button icon={<DownloadOutlined aria-hidden />} onClick={() => setOpen(true)}>
        {text.export}
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <ExportDialog filter={filter} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
