import { Form, Input } from 'antd'
import type { ReactNode } from 'react'
import { texts, useText } from '../language/texts.ts'
import './one-time-code.css'

const text = texts({
  zh: { code: '你的验证器上的 6 位数字', needed: '请输入 6 位数字' },
  en: { code: '6-digit code of your authenticator', needed: 'Enter the 6 digits' },
})

/** A form field `code` for a fresh code of the administrator's own authenticator. */
export function OwnCode(): ReactNode {
  const t = useText(text)
  return (
    <Form.Item
      name="code"
      label={t.code}
      validateTrigger="onSubmit"
      normalize={(typed: string) => typed.replace(/\D/g, '').slice(0, 6)}
      rules={[{ required: true, pattern: /^\d{6}$/, message: t.needed }]}
    >
      <Input className="one-time-code" inputMode="numeric" autoComplete="one-time-code" />
    </Form.Item>
  )
}
