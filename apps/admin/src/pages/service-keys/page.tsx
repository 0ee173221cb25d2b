import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Skeleton } from 'antd'
import { type ReactNode, useState } from 'react'
import { useConfirm } from '../../feedback/use-confirm.ts'
import { useText } from '../../language/texts.ts'
import { EmptyState } from '../../layout/empty-state.tsx'
import { ErrorAlert } from '../../layout/error-alert.tsx'
import { Page } from '../../layout/page.tsx'
import { layoutText } from '../../layout/text.ts'
import { useErrorMessage } from '../../service/error-message.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { CreateDialog } from './create-dialog.tsx'
import { KeyDialog, type ShownKey } from './key-dialog.tsx'
import { type ListedKey, ServiceKeyTable } from './key-table.tsx'
import { RotateDialog } from './rotate-dialog.tsx'
import { serviceKeysText } from './text.ts'
import '../../theme/row-table.css'

type Dialog =
  | { readonly name: 'create' }
  | { readonly name: 'rotate'; readonly of: ListedKey }
  | ({ readonly name: 'key' } & { readonly shown: ShownKey })

/** The keys with which other services call `/v1`. What shows a key asks for a fresh code of the administrator. */
export function ServiceKeysPage(): ReactNode {
  const text = useText(serviceKeysText)
  const { serviceKeys: title } = useText(layoutText)
  const { data, error, refetch } = useQuery(useTRPC().serviceKeys.list.queryOptions())
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const revoke = useRevoke()
  const close = () => setDialog(null)
  const show = (shown: ShownKey) => setDialog({ name: 'key', shown })
  return (
    <Page
      title={title}
      actions={
        <Button type="primary" onClick={() => setDialog({ name: 'create' })}>
          {text.create}
        </Button>
      }
    >
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {error === null && data === undefined && (
        <div className="card">
          <Skeleton active title={false} paragraph={{ rows: 4, width: '100%' }} />
        </div>
      )}
      {data?.keys.length === 0 && <EmptyState title={text.none} hint={text.hint} />}
      {data !== undefined && data.keys.length > 0 && (
        <ServiceKeyTable
          keys={data.keys}
          onRotate={(of) => setDialog({ name: 'rotate', of })}
          onRevoke={revoke}
        />
      )}
      {dialog?.name === 'create' && <CreateDialog onCreated={show} onClose={close} />}
      {dialog?.name === 'rotate' && (
        <RotateDialog rotated={dialog.of} onRotated={show} onClose={close} />
      )}
      {dialog?.name === 'key' && <KeyDialog {...dialog.shown} onClose={close} />}
    </Page>
  )
}

function useRevoke(): (key: ListedKey) => void {
  const text = useText(serviceKeysText)
  const errorMessage = useErrorMessage()
  const { message } = App.useApp()
  const confirm = useConfirm()
  const queryClient = useQueryClient()
  const { serviceKeys } = useTRPC()
  const { mutateAsync } = useMutation(
    serviceKeys.revoke.mutationOptions({
      onSuccess: () => void message.success(text.revokedNow),
      onError: (error) => void message.error(errorMessage(error)),
      onSettled: () => queryClient.invalidateQueries(serviceKeys.list.queryFilter()),
    }),
  )
  return ({ id: keyId, name }) =>
    confirm({
      title: text.revokeTitle(name),
      content: text.revokeWarning,
      okText: text.revoke,
      onConfirm: () => mutateAsync({ keyId }),
    })
}
