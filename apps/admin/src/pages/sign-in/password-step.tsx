import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Form, Input } from 'antd'
import type { ReactNode } from 'react'
import { zodRule } from '../../form/zod-rule.ts'
import { useText } from '../../language/texts.ts'
import { useErrorMessage } from '../../service/error-message.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { signInText } from './text.ts'

export function PasswordStep({ onDone }: { onDone: (next: 'enrol' | 'code') => void }): ReactNode {
  const text = useText(signInText)
  const errorMessage = useErrorMessage()
  const { mutate, isPending, error } = useMutation(
    useTRPC().account.signIn.mutationOptions({
      onSuccess: ({ next }) => onDone(next),
    }),
  )
  return (
    <Form layout="vertical" requiredMark={false} onFinish={mutate} validateTrigger="onSubmit">
      <h1>{text.title}</h1>
      {error !== null && (
        <Alert type="error" showIcon title={errorMessage(error, text.passwordWrong)} />
      )}
      <Form.Item
        name="account"
        label={text.account}
        rules={[zodRule(({ signInInput }) => signInInput.shape.account, text.accountNeeded)]}
      >
        <Input autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus />
      </Form.Item>
      <Form.Item
        name="password"
        label={text.password}
        rules={[zodRule(({ signInInput }) => signInInput.shape.password, text.passwordNeeded)]}
      >
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={isPending}>
        {text.next}
      </Button>
    </Form>
  )
}
