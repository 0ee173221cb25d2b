import { Alert, Button, Form, Input } from 'antd'
import type { ReactNode } from 'react'
import { zodRule } from '../../form/zod-rule.ts'
import { useText } from '../../language/texts.ts'
import { useErrorMessage } from '../../service/error-message.ts'
import { signInText } from './text.ts'
import '../../form/one-time-code.css'

interface EnrolmentCodeFormProps {
  readonly onSubmit: (input: { enrolmentCode: string }) => void
  readonly isPending: boolean
  readonly error: unknown
}

/** Form for the code that the creation of the administrator has shown. */
export function EnrolmentCodeForm({
  onSubmit,
  isPending,
  error,
}: EnrolmentCodeFormProps): ReactNode {
  const text = useText(signInText)
  const errorMessage = useErrorMessage()
  return (
    <Form layout="vertical" requiredMark={false} onFinish={onSubmit} validateTrigger="onSubmit">
      {error !== null && (
        <Alert type="error" showIcon title={errorMessage(error, text.enrolmentWrong)} />
      )}
      <Form.Item
        name="enrolmentCode"
        label={text.enrolment}
        rules={[zodRule(({ enrolInput }) => enrolInput.shape.enrolmentCode, text.enrolmentNeeded)]}
      >
        <Input
          className="one-time-code"
          autoFocus
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
        />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={isPending}>
        {text.next}
      </Button>
    </Form>
  )
}
