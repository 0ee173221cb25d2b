import { CopyOutlined } from '@ant-design/icons'
import { Alert, App, Button, Modal } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import { administratorsText } from './text.ts'

/** An enrolment code, which the service shows only once. */
export interface ShownEnrolment {
  readonly account: string
  readonly enrolmentCode: string
  readonly enrolmentCodeExpiresAt: string
}

export function EnrolmentDialog({
  account,
  enrolmentCode,
  enrolmentCodeExpiresAt,
  onClose,
}: ShownEnrolment & { onClose: () => void }): ReactNode {
  const text = useText(administratorsText)
  const format = useFormat()
  const { message } = App.useApp()
  const copy = () =>
    navigator.clipboard.writeText(enrolmentCode).then(
      () => void message.success(text.copied),
      () => void message.error(text.notCopied),
    )
  return (
    <Modal
      open
      title={text.enrolmentTitle(account)}
      okText={text.done}
      onOk={onClose}
      onCancel={onClose}
      cancelButtonProps={{ hidden: true }}
      mask={{ closable: false }}
    >
      <Alert
        type="warning"
        showIcon
        title={text.enrolmentHint(format.dateTime(enrolmentCodeExpiresAt))}
      />
      <p>
        <code className="code">{enrolmentCode}</code>
      </p>
      <Button icon={<CopyOutlined aria-hidden />} onClick={copy}>
        {text.copy}
      </Button>
    </Modal>
  )
}
