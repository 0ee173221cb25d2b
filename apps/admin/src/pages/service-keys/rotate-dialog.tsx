import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { FormDialog } from '../../form/form-dialog.tsx'
import { OverlapHours, type RotationValues } from '../../form/overlap-hours.tsx'
import { useText } from '../../language/texts.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import type { ShownKey } from './key-dialog.tsx'
import type { ListedKey } from './key-table.tsx'
import { serviceKeysText } from './text.ts'

interface RotateDialogProps {
  readonly rotated: ListedKey
  readonly onRotated: (key: ShownKey) => void
  readonly onClose: () => void
}

/** Asks how long the key before stays valid, and for a code of the administrator who rotates it. */
export function RotateDialog({ rotated, onRotated, onClose }: RotateDialogProps): ReactNode {
  const text = useText(serviceKeysText)
  const queryClient = useQueryClient()
  const { serviceKeys } = useTRPC()
  const { id: keyId, name } = rotated
  const mutation = useMutation(
    serviceKeys.rotate.mutationOptions({
      gcTime: 0,
      onSuccess: async ({ key: secret }) => {
        onRotated({ name, secret })
        await queryClient.invalidateQueries(serviceKeys.list.queryFilter())
      },
    }),
  )
  return (
    <FormDialog<RotationValues>
      title={text.rotateTitle(name)}
      okText={text.rotate}
      hint={<p>{text.rotateHint}</p>}
      initialValues={{ overlapHours: 24 }}
      mutation={mutation}
      onSubmit={(values) => mutation.mutateAsync({ keyId, ...values })}
      onClose={onClose}
    >
      <OverlapHours label={text.overlap} needed={text.overlapNeeded} />
    </FormDialog>
  )
}
