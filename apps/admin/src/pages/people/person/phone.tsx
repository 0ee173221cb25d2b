import { EyeOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useConfirm } from '../../../feedback/use-confirm.ts'
import { useText } from '../../../language/texts.ts'
import { useErrorMessage } from '../../../service/error-message.ts'
import { useTRPC } from '../../../service/trpc-client.ts'
import { personText } from './text.ts'

/** How long a revealed number stays visible, in seconds. */
const revealSeconds = 30

interface PhoneProps {
  readonly userId: string
  readonly masked: string | null
}

/** The masked phone number, or for 30 seconds the full one after the administrator confirms. */
export function Phone({ userId, masked }: PhoneProps): ReactNode {
  const text = useText(personText)
  const confirm = useConfirm()
  const { message } = App.useApp()
  const errorMessage = useErrorMessage()
  const [shown, setShown] = useState<{ phone: string; seconds: number } | null>(null)
  const { mutateAsync } = useMutation(
    useTRPC().people.revealPhone.mutationOptions({
      onSuccess: ({ phone }) =>
        phone === null
          ? void message.info(text.noPhone)
          : setShown({ phone, seconds: revealSeconds }),
      onError: (error) => void message.error(errorMessage(error)),
    }),
  )
  useEffect(() => {
    if (shown === null) return
    const { phone, seconds } = shown
    const next = seconds > 1 ? { phone, seconds: seconds - 1 } : null
    const timer = setTimeout(() => setShown(next), 1_000)
    return () => clearTimeout(timer)
  }, [shown])
  if (masked === null) return '—'
  if (shown !== null)
    return (
      <span className="phone">
        <span className="code">{shown.phone}</span>
        <span className="secondary-text">{text.hides(shown.seconds)}</span>
      </span>
    )
  const reveal = () =>
    confirm({
      title: text.revealTitle,
      content: text.revealWarning,
      okText: text.reveal,
      isDanger: false,
      onConfirm: () => mutateAsync({ userId }),
    })
  return (
    <span className="phone">
      <span className="code">{masked}</span>
      <Button size="small" icon={<EyeOutlined aria-hidden />} onClick={reveal}>
        {text.reveal}
      </Button>
    </span>
  )
}
