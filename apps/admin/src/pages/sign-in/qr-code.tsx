import { QRCode } from 'antd'
import type { ReactNode } from 'react'

/** Dark on light whatever the theme: not every camera reads it the other way round. */
export default function QrCode({ value }: { value: string }): ReactNode {
  return <QRCode value={value} size={184} type="svg" color="#1b2420" bgColor="#ffffff" />
}
