import { CopyOutlined, DownloadOutlined } from '@ant-design/icons'
import { Alert, App, Button } from 'antd'
import type { ReactNode } from 'react'
import { downloadFile } from '../download-file.ts'
import { texts, useText } from '../language/texts.ts'
import './recovery-codes.css'

const text = texts({
  zh: {
    hint: '手机丢失时，用恢复码代替验证码登录，每个只能用一次。恢复码只显示这一次，请保存到安全的地方。',
    list: '恢复码',
    copy: '复制',
    download: '下载',
    copied: '已复制',
    notCopied: '浏览器不允许复制，请下载或手动抄写。',
    fileHeading: '免密控制台恢复码，每个只能用一次',
  },
  en: {
    hint: 'Use a recovery code to sign in when you have lost your phone. Each code works once. They are shown only now: save them in a safe place.',
    list: 'Recovery codes',
    copy: 'Copy',
    download: 'Download',
    copied: 'Copied',
    notCopied: 'The browser does not allow copying. Download the codes or write them down.',
    fileHeading: 'Recovery codes of the mianmi console. Each code works once.',
  },
})

/** The recovery codes with buttons to copy and download them. The service shows them only once. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }): ReactNode {
  const t = useText(text)
  const { message } = App.useApp()
  const copy = () =>
    navigator.clipboard.writeText(codes.join('\n')).then(
      () => void message.success(t.copied),
      () => void message.error(t.notCopied),
    )
  const download = () => {
    const lines = [t.fileHeading, '', ...codes]
    downloadFile(new Blob([`${lines.join('\n')}\n`]), 'mianmi-recovery-codes.txt')
  }
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
      <div className="button-pair">
        <Button icon={<CopyOutlined aria-hidden />} onClick={copy}>
          {t.copy}
        </Button>
        <Button icon={<DownloadOutlined aria-hidden />} onClick={download}>
          {t.download}
        </Button>
      </div>
    </div>
  )
}
