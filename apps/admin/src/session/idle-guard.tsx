import { useQuery } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react'
import { useText } from '../language/texts.ts'
import { layoutText } from '../layout/text.ts'
import { useTRPC } from '../service/trpc-client.ts'
import { lastResponseAt, sessionEnd } from './session-end.ts'
import { useSignOut } from './use-sign-out.ts'

/** How long before the end it is announced, in ms. */
const warning = 60_000

/** Keeps the session alive while somebody works, announces its end, and leaves when it is over. */
export function IdleGuard(): ReactNode {
  const text = useText(layoutText)
  const { data, refetch } = useQuery(useTRPC().account.current.queryOptions())
  const signOut = useSignOut()
  const [ending, setEnding] = useState<{ seconds: number; isFinal: boolean } | null>(null)
  const operator = data?.operator

  const look = useEffectEvent(() => {
    if (operator === undefined) return
    const { left, isFinal } = sessionEnd(operator, Date.now(), lastResponseAt())
    if (left <= 0) void signOut('idle')
    setEnding(left > warning ? null : { seconds: Math.max(0, Math.ceil(left / 1_000)), isFinal })
  })
  // Reading and typing call nothing; the service hears of them now and then all the same.
  const work = useEffectEvent(() => {
    if (operator !== undefined && Date.now() - lastResponseAt() > operator.idleTtl / 4)
      void refetch()
  })
  useEffect(() => {
    const timer = setInterval(look, 1_000)
    const listener = () => work()
    document.addEventListener('pointerdown', listener)
    document.addEventListener('keydown', listener)
    return () => {
      clearInterval(timer)
      document.removeEventListener('pointerdown', listener)
      document.removeEventListener('keydown', listener)
    }
  }, [])

  const stay = async () => {
    await refetch()
    setEnding(null)
  }
  const { seconds, isFinal } = ending ?? { seconds: 0, isFinal: false }
  return (
    <Modal
      open={ending !== null}
      title={isFinal ? text.endTitle : text.idleTitle}
      closable={false}
      mask={{ closable: false }}
      footer={[
        <Button key="out" onClick={() => signOut()}>
          {text.signOut}
        </Button>,
        !isFinal && (
          <Button key="stay" type="primary" autoFocus onClick={stay}>
            {text.stay}
          </Button>
        ),
      ]}
    >
      <p>{isFinal ? text.endHint(seconds) : text.idleHint(seconds)}</p>
    </Modal>
  )
}
