import { DownloadOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { downloadFile } from '../../../download-file.ts'
import { useText } from '../../../language/texts.ts'
import { type AdminInput, trpcClient } from '../../../service/trpc-client.ts'
import { actionNames, nameOf } from '../action-names.ts'
import { outcomeNames } from '../outcome-names.ts'
import { auditText } from '../text.ts'
import { ExportDialog } from './export-dialog.tsx'

type Filter = AdminInput['audit']['count']

const source = {
  count: (filter: Filter, signal: AbortSignal) => trpcClient.audit.count.query(filter, { signal }),
  list: (query: AdminInput['audit']['list'], signal: AbortSignal) =>
    trpcClient.audit.list.query(query, { signal }),
}

export function ExportButton({ filter }: { filter: Filter }): ReactNode {
  const text = useText(auditText)
  const [actions, outcomes] = [useText(actionNames), useText(outcomeNames)]
  const words = {
    action: (code: string) => nameOf(actions, code),
    outcome: (code: string) => nameOf(outcomes, code),
  }
  const [open, setOpen] = useState(false)
  const [progress, setProgress] = useState<{ done: number; total: number }>()
  const stopper = useRef(new AbortController())
  useEffect(() => () => stopper.current.abort(), [])
  const { id, timeUtc, actionCode, action, outcomeCode, outcome, user, operator, app } = text
  const who = [user, operator, app, text.address, text.device]
  const header = [id, timeUtc, actionCode, action, outcomeCode, outcome, ...who]

  const { mutate, data, error } = useMutation({
    mutationFn: async (signal: AbortSignal) => {
      // What makes the file is fetched with the first export.
      const { exportAudit } = await import('./export-audit.ts')
      const onProgress = (done: number, total: number) => {
        if (!signal.aborted) setProgress({ done, total })
      }
      const made = await exportAudit({ source, filter, words, header, signal, onProgress })
      if (made.count > 0) downloadFile(made.file, made.name)
      return { name: made.name, count: made.count }
    },
  })
  const start = () => {
    stopper.current = new AbortController()
    setProgress(undefined)
    setOpen(true)
    mutate(stopper.current.signal)
  }
  const close = () => {
    stopper.current.abort()
    setOpen(false)
  }
  return (
    <>
      <Button icon={<DownloadOutlined aria-hidden />} onClick={start}>
        {text.export}
      </Button>
      <ExportDialog
        open={open}
        progress={progress}
        done={data}
        error={error}
        onAgain={start}
        onClose={close}
      />
    </>
  )
}
