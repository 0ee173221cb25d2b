import { useMutation } from '@tanstack/react-query'
import { Checkbox, Modal } from 'antd'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useAppName } from '../../../../app-name/use-app-name.ts'
import { downloadFile } from '../../../../download-file.ts'
import { useFormat } from '../../../../language/format.ts'
import { useText } from '../../../../language/texts.ts'
import { ErrorAlert } from '../../../../layout/error-alert.tsx'
import { type AdminInput, trpcClient } from '../../../../service/trpc-client.ts'
import { exportText } from './text.ts'

type Filter = Omit<NonNullable<AdminInput['people']['export']>, 'cursor' | 'limit'>

interface ExportDialogProps {
  readonly filter: Filter
  /** Also cancels a running export. */
  readonly onClose: () => void
}

/** Exports the people that match the filter as a CSV file, with masked numbers unless full ones are asked for. */
export function ExportDialog({ filter, onClose }: ExportDialogProps): ReactNode {
  const text = useText(exportText)
  const format = useFormat()
  const [hasPhones, setHasPhones] = useState(false)
  const controller = useRef(new AbortController())
  const { export: run, progress } = useExport({ filter, hasPhones })
  useEffect(() => () => controller.current.abort(), [])
  const start = () => {
    controller.current = new AbortController()
    run.mutate(controller.current.signal)
  }
  return (
    <Modal
      open
      title={text.title}
      okText={text.export}
      okButtonProps={{ danger: hasPhones }}
      cancelText={run.data === undefined ? text.cancel : text.close}
      confirmLoading={run.isPending}
      onOk={start}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <p>{text.what}</p>
      <Checkbox
        checked={hasPhones}
        disabled={run.isPending}
        onChange={({ target }) => setHasPhones(target.checked)}
      >
        {text.phones}
      </Checkbox>
      {hasPhones && <p className="secondary-text">{text.phonesWarning}</p>}
      {run.error !== null && <ErrorAlert error={run.error} retry={start} />}
      <p role="status">
        {run.isPending && text.progress(format.number(progress))}
        {run.data !== undefined && text.exported(format.number(run.data.count), run.data.name)}
      </p>
    </Modal>
  )
}

function useExport({ filter, hasPhones }: { filter: Filter; hasPhones: boolean }) {
  const { columns } = useText(exportText)
  const appName = useAppName()
  const [progress, setProgress] = useState(0)
  const mutation = useMutation({
    mutationFn: async (signal: AbortSignal) => {
      setProgress(0)
      // The CSV code is loaded on the first export.
      const { exportPeople } = await import('./export-people.ts')
      const { people } = trpcClient
      const exported = await exportPeople({
        read: (query, abort) =>
          hasPhones
            ? people.exportPhones.mutate(query, { signal: abort })
            : people.export.query(query, { signal: abort }),
        filter,
        header: columns.split(','),
        appName,
        signal,
        onProgress: setProgress,
      })
      const name = `people-${new Date().toISOString().slice(0, 10).replaceAll('-', '')}.csv`
      downloadFile(exported.file, name)
      return { name, count: exported.count }
    },
  })
  return { export: mutation, progress }
}
