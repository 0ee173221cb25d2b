import { Link } from '@tanstack/react-router'
import { Button, Tag } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../language/format.ts'
import { RelativeTime } from '../../language/relative-time.tsx'
import { useText } from '../../language/texts.ts'
import { AccountStatus } from '../../person/account-status.tsx'
import type { AdminOutput } from '../../service/trpc-client.ts'
import type { Change } from './change-dialog.tsx'
import { administratorsText } from './text.ts'

type Administrator = AdminOutput['administrators']['list']['administrators'][number]

interface AdministratorTableProps {
  readonly administrators: readonly Administrator[]
  readonly onChange: (change: Change) => void
}

export function AdministratorTable({
  administrators,
  onChange,
}: AdministratorTableProps): ReactNode {
  const text = useText(administratorsText)
  return (
    <div className="card row-table">
      <table aria-label={text.list}>
        <thead>
          <tr>
            <th scope="col">{text.account}</th>
            <th scope="col">{text.factor}</th>
            <th scope="col">{text.status}</th>
            <th scope="col">{text.lastSeen}</th>
            <th scope="col">{text.since}</th>
            <th scope="col">{text.actions}</th>
          </tr>
        </thead>
        <tbody>
          {administrators.map((administrator) => (
            <Row key={administrator.id} administrator={administrator} onChange={onChange} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({
  administrator,
  onChange,
}: {
  administrator: Administrator
  onChange: AdministratorTableProps['onChange']
}): ReactNode {
  const text = useText(administratorsText)
  const { id: userId, disabledAt } = administrator
  const account = administrator.account ?? userId
  return (
    <tr>
      <td>
        <Link to="/people/$userId" params={{ userId }}>
          {account}
        </Link>
      </td>
      <td data-label={text.factor}>
        <Factor administrator={administrator} />
      </td>
      <td data-label={text.status}>
        <AccountStatus person={{ disabledAt, role: 'user' }} />
      </td>
      <td data-label={text.lastSeen}>
        <RelativeTime at={administrator.lastSeenAt} />
      </td>
      <td data-label={text.since}>
        <RelativeTime at={administrator.createdAt} />
      </td>
      <td className="row-actions">
        <Button size="small" onClick={() => onChange({ change: 'reset', userId, account })}>
          {text.reset}
        </Button>
        <Button size="small" danger onClick={() => onChange({ change: 'remove', userId, account })}>
          {text.remove}
        </Button>
      </td>
    </tr>
  )
}

function Factor({ administrator }: { administrator: Administrator }): ReactNode {
  const text = useText(administratorsText)
  const format = useFormat()
  const { hasSecondFactor, enrolmentExpiresAt } = administrator
  if (hasSecondFactor) return text.enrolled
  if (enrolmentExpiresAt === null) return <Tag color="warning">{text.expired}</Tag>
  return <Tag color="processing">{text.waiting(format.dateTime(enrolmentExpiresAt))}</Tag>
}
