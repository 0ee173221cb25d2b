import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Form, Input } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { useText } from '../../language/texts.ts'
import { RecoveryCodes } from '../../recovery-codes/recovery-codes.tsx'
import { useErrorMessage } from '../../service/error-message.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { accountText } from './text.ts'
import '../../form/one-time-code.css'

/** Below this number of codes the page warns. */
const lowCount = 4

/** The number of recovery codes left, and a form that renews them for a code of the authenticator. */
export function RenewRecoveryCodes({ left }: { left: number }): ReactNode {
  const text = useText(accountText)
  const errorMessage = useErrorMessage()
  const queryClient = useQueryClient()
  const { account } = useTRPC()
  const title = useId()
  const [form] = Form.useForm<{ code: string }>()
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const { mutate, isPending, error } = useMutation(
    account.renewRecoveryCodes.mutationOptions({
      onSuccess: ({ recoveryCodes }) => {
        setCodes(recoveryCodes)
        void queryClient.invalidateQueries(account.current.queryFilter())
      },
      onError: () => form.resetFields(),
    }),
  )
  return (
    <section className="card" aria-labelledby={title}>
      <h2 id={title}>{text.recovery}</h2>
      {codes !== null ? (
        <>
          <RecoveryCodes codes={codes} />
          <Button type="primary" onClick={() => setCodes(null)}>
            {text.done}
          </Button>
        </>
      ) : (
        <>
          <p>{text.left(left)}</p>
          {left < lowCount && <Alert type="warning" showIcon title={text.lowCount} />}
          <p className="secondary-text">{text.hint}</p>
          {error !== null && (
            <Alert type="error" showIcon title={errorMessage(error, text.codeWrong)} />
          )}
          <Form form={form} layout="vertical" requiredMark={false} onFinish={mutate}>
            <Form.Item
              name="code"
              label={text.code}
              validateTrigger="onSubmit"
              normalize={(typed: string) => typed.replace(/\D/g, '').slice(0, 6)}
              rules={[{ required: true, pattern: /^\d{6}$/, message: text.codeNeeded }]}
            >
              <Input className="one-time-code" inputMode="numeric" autoComplete="one-time-code" />
            </Form.Item>
            <Button htmlType="submit" loading={isPending}>
              {text.renew}
            </Button>
          </Form>
        </>
      )}
    </section>
  )
}
