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
  const names = {
    action: (code: string) => nameOf(actions, code),
    outcome: (code: string) => nameOf(outcomes, code),
  }
  const [open, setOpen] = useState(false)
  const [progress, setProgress] = useState<{ done: number; total: number }>()
  const controller = useRef(new AbortController())
  useEffect(() => () => controller.current.abort(), [])
  const { id, timeUtc, actionCode, action, outcomeCode, outcome, user, administrator, app } = text
  const origin = [user, administrator, app, text.address, text.device, text.calls]
  const header = [id, timeUtc, actionCode, action, outcomeCode, outcome, ...origin]

  const { mutate, data, error } = useMutation({
    mutationFn: async (signal: AbortSignal) => {
      // The CSV code is loaded on the first export.
      const { exportAudit } = await import('./export-audit.ts')
      const onProgress = (done: number, total: number) => {
        if (!signal.aborted) setProgress({ done, total })
      }
      const exported = await exportAudit({ source, filter, names, header, signal, onProgress })
      if (exported.count > 0) downloadFile(exported.file, exported.name)
      return { name: exported.name, count: exported.count }
    },
  })
  const start = () => {
    controller.current = new AbortController()
    setProgress(undefined)
    setOpen(true)
    mutate(controller.current.signal)
  }
  const close = () => {
    controller.current.abort()
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
        result={data}
        error={error}
        onRetry={start}
        onClose={close}
      />
    </>
  )
}
