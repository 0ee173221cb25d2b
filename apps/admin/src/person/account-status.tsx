import { Tag } from 'antd'
import type { ReactNode } from 'react'
import { texts, useText } from '../language/texts.ts'

const text = texts({
  zh: { disabled: '已停用', active: '正常', admin: '管理员' },
  en: { disabled: 'Disabled', active: 'Active', admin: 'Administrator' },
})

interface AccountStatusProps {
  readonly person: { readonly disabledAt: string | null; readonly role: 'user' | 'admin' }
}

/** Whether the account is active or disabled, and whether it belongs to an administrator. */
export function AccountStatus({ person }: AccountStatusProps): ReactNode {
  const t = useText(text)
  return (
    <span className="account-status">
      {person.disabledAt === null ? (
        <span className="secondary-text">{t.active}</span>
      ) : (
        <Tag color="error">{t.disabled}</Tag>
      )}
      {person.role === 'admin' && <Tag color="processing">{t.admin}</Tag>}
    </span>
  )
}
