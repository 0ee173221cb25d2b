import { EyeOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useText } from '../../language/texts.ts'
import { useAsked } from '../../person/asked.ts'
import { useFailureSentence } from '../../service/failure.ts'
import { useTRPC } from '../../service/trpc.ts'
import { personText } from './text.ts'

/** How long a revealed number may be read, in seconds. */
const readingTime = 30

interface PhoneProps {
  readonly userId: string
  readonly masked: string | null
}

/** The masked number; the whole one for half a minute where the operator asks for it. */
export function Phone({ userId, masked }: PhoneProps): ReactNode {
  const text = useText(personText)
  const ask = useAsked()
  const { message } = App.useApp()
  const sentenceOf = useFailureSentence()
  const [shown, setShown] = useState<{ phone: string; seconds: number } | null>(null)
  const { mutateAsync } = useMutation(
    useTRPC().admin.people.revealPhone.mutationOptions({
      // Nothing keeps the number but what shows it.
      gcTime: 0,
      onSuccess: ({ phone }) =>
        phone === null
          ? void message.info(text.noPhone)
          : setShown({ phone, seconds: readingTime }),
      onError: (error) => void message.error(sentenceOf(error)),
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
        <span className="soft">{text.hides(shown.seconds)}</span>
      </span>
    )
  const reveal = () =>
    ask({
      title: text.revealTitle,
      warning: text.revealWarning,
      verb: text.reveal,
      isDanger: false,
      act: () => mutateAsync({ userId }),
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
