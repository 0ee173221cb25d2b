import { Alert, Form, Modal } from 'antd'
import type { ReactNode } from 'react'
import { texts, useText } from '../language/texts.ts'
import { type ErrorReason, reasonOf, useErrorMessage } from '../service/error-message.ts'
import { OwnCode } from './own-code.tsx'

const text = texts({
  zh: { wrongCode: '验证码不正确或已经用过，请用下一个；仍然不行时，核对手机和服务器的时间。' },
  en: {
    wrongCode:
      'The code is incorrect or has already been used. Use the next one; if that fails too, check the time of the phone and of the server.',
  },
})

interface FormDialogProps<Values> {
  readonly title: string
  readonly okText: string
  readonly danger?: boolean
  /** What the dialog does, above the fields. */
  readonly hint?: ReactNode
  readonly initialValues?: Partial<Values>
  /** Runs the mutation; when it fails the code is emptied, because each one is accepted once. */
  readonly onSubmit: (values: Values) => Promise<unknown>
  /** The state of the mutation. */
  readonly mutation: { readonly isPending: boolean; readonly error: unknown }
  /** What a reason means in this dialog. */
  readonly errors?: Partial<Record<ErrorReason, string>>
  readonly onClose: () => void
  /** The fields above the code. */
  readonly children?: ReactNode
}

/** A dialog with a form that asks for a fresh code of the administrator, the field `code`. */
export function FormDialog<Values extends { readonly code: string }>(
  props: FormDialogProps<Values>,
): ReactNode {
  const { title, okText, danger = false, hint, initialValues, onSubmit, onClose } = props
  const { isPending, error } = props.mutation
  const [form] = Form.useForm()
  const submit = async (values: Values) => {
    try {
      await onSubmit(values)
    } catch {
      // The error is shown from the state of the mutation.
      form.resetFields(['code'])
    }
  }
  return (
    <Modal
      open
      title={title}
      okText={okText}
      okButtonProps={{ danger }}
      confirmLoading={isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {hint}
      <DialogError error={error} errors={props.errors ?? {}} />
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        validateTrigger="onSubmit"
        {...(initialValues === undefined ? {} : { initialValues })}
        onFinish={submit}
      >
        {props.children}
        <OwnCode />
      </Form>
    </Modal>
  )
}

function DialogError({
  error,
  errors,
}: {
  error: unknown
  errors: Partial<Record<ErrorReason, string>>
}): ReactNode {
  const { wrongCode } = useText(text)
  const errorMessage = useErrorMessage()
  if (error === null) return null
  const reason = reasonOf(error)
  const own = reason === null ? undefined : errors[reason]
  return <Alert type="error" showIcon title={own ?? errorMessage(error, wrongCode)} />
}
