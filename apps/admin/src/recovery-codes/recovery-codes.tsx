import { CopyOutlined, DownloadOutlined } from '@ant-design/icons'
import { Alert, App, Button } from 'antd'
import type { ReactNode } from 'react'
import { texts, useText } from '../language/texts.ts'
import './recovery-codes.css'

const text = texts({
  zh: {
    hint: '手机丢失时，用它们代替验证码登录，每个只能用一次。只显示这一次，请保存到安全的地方。',
    list: '恢复码',
    copy: '复制',
    download: '下载',
    copied: '已复制',
    notCopied: '浏览器不允许复制，请手动抄下或下载。',
    head: '免密控制台恢复码，每个只能用一次',
  },
  en: {
    hint: 'They stand in for the code when your phone is lost, each once. They are shown only now: keep them in a safe place.',
    list: 'Recovery codes',
    copy: 'Copy',
    download: 'Download',
    copied: 'Copied',
    notCopied: 'The browser does not allow to copy. Write them down or download them.',
    head: 'Recovery codes of the mianmi console, each works once',
  },
})

/** The codes, shown this once, with ways to keep them. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }): ReactNode {
  const t = useText(text)
  const { message } = App.useApp()
  const copy = () =>
    navigator.clipboard.writeText(codes.join('\n')).then(
      () => void message.success(t.copied),
      () => void message.error(t.notCopied),
    )
  return (
    <div className="recovery">
      <Alert type="warning" showIcon title={t.hint} />
      <ol aria-label={t.list}>
        {codes.map((code) => (
          <li key={code} className="code">
            {code}
          </li>
        ))}
      </ol>
      <div className="pair">
        <Button icon={<CopyOutlined aria-hidden />} onClick={copy}>
          {t.copy}
        </Button>
        <Button icon={<DownloadOutlined aria-hidden />} onClick={() => downloadFile(t.head, codes)}>
          {t.download}
        </Button>
      </div>
    </div>
  )
}

function downloadFile(head: string, codes: readonly string[]): void {
  const address = URL.createObjectURL(new Blob([`${[head, '', ...codes].join('\n')}\n`]))
  const link = document.createElement('a')
  link.href = address
  link.download = 'mianmi-recovery-codes.txt'
  link.click()
  URL.revokeObjectURL(address)
}
