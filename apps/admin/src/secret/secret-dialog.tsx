import { CopyOutlined } from '@ant-design/icons'
import { Alert, App, Button, Modal } from 'antd'
import type { ReactNode } from 'react'
import { texts, useText } from '../language/texts.ts'

const text = texts({
  zh: {
    copy: '复制',
    copied: '已复制',
    notCopied: '浏览器不允许复制，请手动抄写。',
    done: '我已保存好',
  },
  en: {
    copy: 'Copy',
    copied: 'Copied',
    notCopied: 'The browser does not allow copying. Write it down.',
    done: 'I have saved it',
  },
})

interface SecretDialogProps {
  readonly title: string
  /** Where to put the secret. */
  readonly hint: string
  readonly secret: string
  readonly onClose: () => void
}

/** Shows a secret that the service shows only once. */
export function SecretDialog({ title, hint, secret, onClose }: SecretDialogProps): ReactNode {
  const t = useText(text)
  const { message } = App.useApp()
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => void message.success(t.copied),
      () => void message.error(t.notCopied),
    )
  return (
    <Modal
      open
      title={title}
      okText={t.done}
      onOk={onClose}
      onCancel={onClose}
      cancelButtonProps={{ hidden: true }}
      mask={{ closable: false }}
    >
      <Alert type="warning" showIcon title={hint} />
      <p>
        <code className="code">{secret}</code>
      </p>
      <Button icon={<CopyOutlined aria-hidden />} onClick={copy}>
        {t.copy}
      </Button>
    </Modal>
  )
}
