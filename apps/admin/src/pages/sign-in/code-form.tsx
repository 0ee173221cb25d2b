import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Form, Input } from 'antd'
import type { ReactNode } from 'react'
import { zodRule } from '../../form/zod-rule.ts'
import { useText } from '../../language/texts.ts'
import { reasonOf, useErrorMessage } from '../../service/error-message.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { signInText } from './text.ts'
import '../../form/one-time-code.css'

export interface SecondFactorProps {
  /** Called with the recovery codes after enrolment, otherwise with an empty list. */
  readonly onVerified: (recoveryCodes: readonly string[]) => void
  /** `timedOut` when the password was entered too long ago. */
  readonly onRestart: (timedOut: boolean) => void
}

const sixDigits = { pattern: /^\d{6}$/, required: true }

/** Form for a six-digit code of the authenticator or for a recovery code. */
export function CodeForm({
  kind,
  onVerified,
  onRestart,
}: SecondFactorProps & { kind: 'digits' | 'recovery' }): ReactNode {
  const text = useText(signInText)
  const errorMessage = useErrorMessage()
  const [form] = Form.useForm<{ code: string }>()
  const { mutate, isPending, error } = useMutation(
    useTRPC().account.proveCode.mutationOptions({
      onSuccess: ({ recoveryCodes }) => onVerified(recoveryCodes),
      onError: (error) => {
        if (reasonOf(error) === 'unauthenticated') return onRestart(true)
        form.resetFields()
        form.getFieldInstance('code')?.focus()
      },
    }),
  )
  const isDigits = kind === 'digits'
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      onFinish={mutate}
      validateTrigger="onSubmit"
    >
      {error !== null && (
        <Alert
          type="error"
          showIcon
          title={errorMessage(error, isDigits ? text.codeWrong : text.recoveryWrong)}
        />
      )}
      <Form.Item
        name="code"
        label={isDigits ? text.code : text.recovery}
        normalize={(typed: string) => (isDigits ? typed.replace(/\D/g, '').slice(0, 6) : typed)}
        rules={[
          isDigits
            ? { ...sixDigits, message: text.codeNeeded }
            : zodRule(({ codeInput }) => codeInput.shape.code, text.recoveryNeeded),
        ]}
      >
        <Input
          className="one-time-code"
          autoFocus
          autoComplete={isDigits ? 'one-time-code' : 'off'}
          autoCapitalize="none"
          spellCheck={false}
          inputMode={isDigits ? 'numeric' : 'text'}
        />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={isPending}>
        {text.enter}
      </Button>
    </Form>
  )
}
