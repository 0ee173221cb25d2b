import { Form, InputNumber } from 'antd'
import type { ReactNode } from 'react'

/** What a dialog asks for that replaces a secret. */
export interface RotationValues {
  readonly overlapHours: number
  readonly code: string
}

/** A form field `overlapHours`: how long the secret before stays valid, as the service allows it. */
export function OverlapHours({ label, needed }: { label: string; needed: string }): ReactNode {
  return (
    <Form.Item name="overlapHours" label={label} rules={[{ required: true, message: needed }]}>
      <InputNumber min={0} max={720} precision={0} />
    </Form.Item>
  )
}
