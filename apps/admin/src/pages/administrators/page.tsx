import { useQuery } from '@tanstack/react-query'
import { Button, Skeleton } from 'antd'
import { type ReactNode, useState } from 'react'
import { useText } from '../../language/texts.ts'
import { ErrorAlert } from '../../layout/error-alert.tsx'
import { Page } from '../../layout/page.tsx'
import { layoutText } from '../../layout/text.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { AddDialog } from './add-dialog.tsx'
import { AdministratorTable } from './administrator-table.tsx'
import { type Change, ChangeDialog } from './change-dialog.tsx'
import { EnrolmentDialog, type ShownEnrolment } from './enrolment-dialog.tsx'
import { administratorsText } from './text.ts'
import '../../theme/row-table.css'

type Dialog =
  | { readonly name: 'add' }
  | ({ readonly name: 'change' } & Change)
  | ({ readonly name: 'enrolment' } & ShownEnrolment)

/** Who is an administrator. Each change asks for a fresh code of the administrator who makes it. */
export function AdministratorsPage(): ReactNode {
  const text = useText(administratorsText)
  const { administrators } = useText(layoutText)
  const { data, error, refetch } = useQuery(useTRPC().administrators.list.queryOptions())
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const close = () => setDialog(null)
  const showEnrolment = (enrolment: ShownEnrolment) =>
    setDialog({ name: 'enrolment', ...enrolment })
  return (
    <Page
      title={administrators}
      actions={
        <Button type="primary" onClick={() => setDialog({ name: 'add' })}>
          {text.add}
        </Button>
      }
    >
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {error === null && data === undefined && (
        <div className="card">
          <Skeleton active title={false} paragraph={{ rows: 4, width: '100%' }} />
        </div>
      )}
      {error === null && data !== undefined && (
        <AdministratorTable
          administrators={data.administrators}
          onChange={(change) => setDialog({ name: 'change', ...change })}
        />
      )}
      {dialog?.name === 'add' && <AddDialog onAdded={showEnrolment} onClose={close} />}
      {dialog?.name === 'change' && (
        <ChangeDialog {...dialog} onReset={showEnrolment} onClose={close} />
      )}
      {dialog?.name === 'enrolment' && <EnrolmentDialog {...dialog} onClose={close} />}
    </Page>
  )
}
