import { QRCode } from 'antd'
import type { ReactNode } from 'react'

/** Dark on light in both themes, because not every camera reads an inverted code. */
export default function QrCode({ value, label }: { value: string; label: string }): ReactNode {
  return (
    <QRCode
      value={value}
      aria-label={label}
      size={184}
      type="svg"
      color="#1b2420"
      bgColor="#ffffff"
    />
  )
}
