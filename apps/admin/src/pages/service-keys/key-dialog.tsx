import { CopyOutlined } from '@ant-design/icons'
import { Alert, App, Button, Modal } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../language/texts.ts'
import { serviceKeysText } from './text.ts'

/** A key, which the service shows only once. */
export interface ShownKey {
  readonly name: string
  readonly secret: string
}

export function KeyDialog({
  name,
  secret,
  onClose,
}: ShownKey & { onClose: () => void }): ReactNode {
  const text = useText(serviceKeysText)
  const { message } = App.useApp()
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => void message.success(text.copied),
      () => void message.error(text.notCopied),
    )
  return (
    <Modal
      open
      title={text.keyTitle(name)}
      okText={text.done}
      onOk={onClose}
      onCancel={onClose}
      cancelButtonProps={{ hidden: true }}
      mask={{ closable: false }}
    >
      <Alert type="warning" showIcon title={text.keyHint} />
      <p>
        <code className="code">{secret}</code>
      </p>
      <Button icon={<CopyOutlined aria-hidden />} onClick={copy}>
        {text.copy}
      </Button>
    </Modal>
  )
}
