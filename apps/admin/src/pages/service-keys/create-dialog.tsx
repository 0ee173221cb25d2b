import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Checkbox, Form, Input } from 'antd'
import type { ReactNode } from 'react'
import { FormDialog } from '../../form/form-dialog.tsx'
import { zodRule } from '../../form/zod-rule.ts'
import { useText } from '../../language/texts.ts'
import { type AdminInput, useTRPC } from '../../service/trpc-client.ts'
import type { ShownKey } from './key-dialog.tsx'
import { serviceKeysText } from './text.ts'

type Scope = AdminInput['serviceKeys']['create']['scopes'][number]

/** A scope that is missing here does not compile. */
const scopes = Object.keys({
  introspect: true,
  'users:read': true,
  'identities:read': true,
  'phones:read': true,
  'users:write': true,
  'sessions:end': true,
} satisfies Record<Scope, true>) as Scope[]

interface KeyFormValues {
  readonly name: string
  readonly scopes: Scope[]
  readonly code: string
}

interface CreateDialogProps {
  readonly onCreated: (key: ShownKey) => void
  readonly onClose: () => void
}

/** Asks for the name and the scopes of a key, and for a code of the administrator who creates it. */
export function CreateDialog({ onCreated, onClose }: CreateDialogProps): ReactNode {
  const text = useText(serviceKeysText)
  const queryClient = useQueryClient()
  const { serviceKeys } = useTRPC()
  const mutation = useMutation(
    serviceKeys.create.mutationOptions({
      gcTime: 0,
      onSuccess: async ({ key: secret }, { name }) => {
        onCreated({ name, secret })
        await queryClient.invalidateQueries(serviceKeys.list.queryFilter())
      },
    }),
  )
  return (
    <FormDialog<KeyFormValues>
      title={text.createTitle}
      okText={text.create}
      mutation={mutation}
      errors={{ account_taken: text.nameTaken }}
      onSubmit={mutation.mutateAsync}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={text.name}
        rules={[
          zodRule(({ createServiceKeyInput }) => createServiceKeyInput.shape.name, text.nameNeeded),
        ]}
      >
        <Input autoComplete="off" autoCapitalize="none" spellCheck={false} autoFocus />
      </Form.Item>
      <Form.Item
        name="scopes"
        label={text.scopes}
        // No `required`: it would put aria-required on a group, which ARIA does not allow.
        rules={[
          zodRule(
            ({ createServiceKeyInput }) => createServiceKeyInput.shape.scopes,
            text.scopesNeeded,
          ),
        ]}
      >
        <Checkbox.Group options={scopes} />
      </Form.Item>
    </FormDialog>
  )
}
