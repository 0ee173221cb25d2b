import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Form, Input } from 'antd'
import type { ReactNode } from 'react'
import { FormDialog } from '../../form/form-dialog.tsx'
import { zodRule } from '../../form/zod-rule.ts'
import { useText } from '../../language/texts.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import type { ShownEnrolment } from './enrolment-dialog.tsx'
import { administratorsText } from './text.ts'

interface AddDialogProps {
  readonly onAdded: (enrolment: ShownEnrolment) => void
  readonly onClose: () => void
}

/** Asks for the name and a first password of a new administrator, and for a code of the one who adds. */
export function AddDialog({ onAdded, onClose }: AddDialogProps): ReactNode {
  const text = useText(administratorsText)
  const queryClient = useQueryClient()
  const { administrators } = useTRPC()
  const mutation = useMutation(
    administrators.add.mutationOptions({
      onSuccess: async (enrolment, { account }) => {
        onAdded({ account, ...enrolment })
        await queryClient.invalidateQueries(administrators.list.queryFilter())
      },
    }),
  )
  return (
    <FormDialog<{ account: string; password: string; code: string }>
      title={text.addTitle}
      okText={text.add}
      hint={<p>{text.addHint}</p>}
      mutation={mutation}
      onSubmit={mutation.mutateAsync}
      onClose={onClose}
    >
      <Form.Item
        name="account"
        label={text.account}
        rules={[
          zodRule(
            ({ addAdministratorInput }) => addAdministratorInput.shape.account,
            text.accountNeeded,
          ),
        ]}
      >
        <Input autoComplete="off" autoCapitalize="none" spellCheck={false} autoFocus />
      </Form.Item>
      <Form.Item
        name="password"
        label={text.password}
        rules={[
          zodRule(
            ({ addAdministratorInput }) => addAdministratorInput.shape.password,
            text.passwordNeeded,
          ),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </FormDialog>
  )
}
