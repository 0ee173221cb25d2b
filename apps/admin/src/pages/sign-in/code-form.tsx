import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Form, Input } from 'antd'
import type { ReactNode } from 'react'
import { fits } from '../../form/fits.ts'
import { useText } from '../../language/texts.ts'
import { faultOf, useFailureSentence } from '../../service/failure.ts'
import { useTRPC } from '../../service/trpc.ts'
import { signInText } from './text.ts'
import '../../form/one-time.css'

export interface Proving {
  /** With the recovery codes where the operator has just enrolled, else none. */
  readonly onProved: (recoveryCodes: readonly string[]) => void
  /** `tooLate` where the password was proved too long ago. */
  readonly onStartAgain: (tooLate: boolean) => void
}

const sixDigits = { pattern: /^\d{6}$/, required: true }

/** Asks for six digits of the authenticator, or for a recovery code, and sends them. */
export function CodeForm({
  kind,
  onProved,
  onStartAgain,
}: Proving & { kind: 'digits' | 'recovery' }): ReactNode {
  const text = useText(signInText)
  const sentenceOf = useFailureSentence()
  const [form] = Form.useForm<{ code: string }>()
  const { mutate, isPending, error } = useMutation(
    useTRPC().admin.operator.proveCode.mutationOptions({
      onSuccess: ({ recoveryCodes }) => onProved(recoveryCodes),
      onError: (error) => {
        if (faultOf(error) === 'unauthenticated') return onStartAgain(true)
        form.resetFields()
        form.getFieldInstance('code')?.focus()
      },
    }),
  )
  const digits = kind === 'digits'
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
          title={sentenceOf(error, digits ? text.codeWrong : text.recoveryWrong)}
        />
      )}
      <Form.Item
        name="code"
        label={digits ? text.code : text.recovery}
        normalize={(typed: string) => (digits ? typed.replace(/\D/g, '').slice(0, 6) : typed)}
        rules={[
          digits
            ? { ...sixDigits, message: text.codeNeeded }
            : fits(({ codeInput }) => codeInput.shape.code, text.recoveryNeeded),
        ]}
      >
        <Input
          className="one-time"
          autoFocus
          autoComplete={digits ? 'one-time-code' : 'off'}
          autoCapitalize="none"
          spellCheck={false}
          inputMode={digits ? 'numeric' : 'text'}
        />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={isPending}>
        {text.enter}
      </Button>
    </Form>
  )
}
