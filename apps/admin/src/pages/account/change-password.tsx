import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Form, Input } from 'antd'
import { type ReactNode, useId } from 'react'
import { OwnCode } from '../../form/own-code.tsx'
import { zodRule } from '../../form/zod-rule.ts'
import { useText } from '../../language/texts.ts'
import { useErrorMessage } from '../../service/error-message.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { accountText } from './text.ts'

/** A form for a new password, which ends every other session of the administrator. */
export function ChangePassword(): ReactNode {
  const text = useText(accountText)
  const errorMessage = useErrorMessage()
  const { message } = App.useApp()
  const title = useId()
  const [form] = Form.useForm<{ currentPassword: string; newPassword: string; code: string }>()
  const { mutate, isPending, error } = useMutation(
    useTRPC().account.changePassword.mutationOptions({
      onSuccess: () => {
        form.resetFields()
        void message.success(text.passwordChanged)
      },
      onError: () => form.resetFields(['code']),
    }),
  )
  return (
    <section className="card" aria-labelledby={title}>
      <h2 id={title}>{text.password}</h2>
      <p className="secondary-text">{text.passwordHint}</p>
      {error !== null && (
        <Alert type="error" showIcon title={errorMessage(error, text.passwordWrong)} />
      )}
      <Form
        // The page has two forms with a field `code`: the name keeps their ids apart.
        name="change-password"
        form={form}
        layout="vertical"
        requiredMark={false}
        validateTrigger="onSubmit"
        onFinish={mutate}
      >
        <Form.Item
          name="currentPassword"
          label={text.currentPassword}
          rules={[
            zodRule(
              ({ changePasswordInput }) => changePasswordInput.shape.currentPassword,
              text.currentPasswordNeeded,
            ),
          ]}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="newPassword"
          label={text.newPassword}
          rules={[
            zodRule(
              ({ changePasswordInput }) => changePasswordInput.shape.newPassword,
              text.newPasswordNeeded,
            ),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <OwnCode />
        <Button htmlType="submit" loading={isPending}>
          {text.changePassword}
        </Button>
      </Form>
    </section>
  )
}
