import { Button, Modal, Progress } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../../language/format.ts'
import { useText } from '../../../language/texts.ts'
import { ErrorAlert } from '../../../layout/error-alert.tsx'
import { auditText } from '../text.ts'

interface ExportDialogProps {
  readonly open: boolean
  /** Undefined until the entries are counted. */
  readonly progress: { readonly done: number; readonly total: number } | undefined
  /** Undefined until the file is complete. */
  readonly result: { readonly name: string; readonly count: number } | undefined
  readonly error: unknown
  readonly onRetry: () => void
  /** Also cancels a running export. */
  readonly onClose: () => void
}

export function ExportDialog(props: ExportDialogProps): ReactNode {
  const { open, progress, result, error, onRetry, onClose } = props
  const text = useText(auditText)
  const isRunning = result === undefined && error === null
  return (
    <Modal
      open={open}
      title={text.exportTitle}
      onCancel={onClose}
      mask={{ closable: false }}
      footer={<Button onClick={onClose}>{isRunning ? text.cancel : text.close}</Button>}
    >
      {error !== null && <ErrorAlert error={error} retry={onRetry} />}
      {isRunning && <Running progress={progress} />}
      <div role="status">{result !== undefined && <Finished {...result} />}</div>
    </Modal>
  )
}

function Running({ progress }: Pick<ExportDialogProps, 'progress'>): ReactNode {
  const text = useText(auditText)
  const format = useFormat()
  const { done, total } = progress ?? { done: 0, total: 0 }
  return (
    <>
      <Progress
        percent={total === 0 ? 0 : Math.floor((100 * done) / total)}
        strokeColor="var(--ant-color-primary)"
        aria-label={text.progressLabel}
      />
      <p className="secondary-text audit-progress">
        {progress === undefined
          ? text.counting
          : text.progress(format.number(done), format.number(total))}
      </p>
    </>
  )
}

function Finished({ name, count }: { name: string; count: number }): ReactNode {
  const text = useText(auditText)
  const format = useFormat()
  return count === 0 ? text.noMatch : text.exported(format.number(count), name)
}
