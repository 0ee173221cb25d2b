import { useQuery } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react'
import { useText } from '../language/texts.ts'
import { layoutText } from '../layout/text.ts'
import { useTRPC } from '../service/trpc-client.ts'
import { lastResponseAt, sessionEnd } from './session-end.ts'
import { useSignOut } from './use-sign-out.ts'

/** How long before the end the warning appears, in ms. */
const warningMs = 60_000

/** Keeps the session alive while the administrator works, warns before it ends, and signs out when it has ended. */
export function IdleGuard(): ReactNode {
  const text = useText(layoutText)
  const { data, refetch } = useQuery(useTRPC().account.current.queryOptions())
  const signOut = useSignOut()
  const [warning, setWarning] = useState<{ seconds: number; isFinal: boolean } | null>(null)
  const administrator = data?.operator

  const update = useEffectEvent(() => {
    if (administrator === undefined) return
    const { left, isFinal } = sessionEnd(administrator, Date.now(), lastResponseAt())
    if (left <= 0) void signOut('idle')
    setWarning(left > warningMs ? null : { seconds: Math.max(0, Math.ceil(left / 1_000)), isFinal })
  })
  // Reading and typing make no calls, so one call per quarter of the idle time keeps the session alive. While the
  // warning is shown its buttons decide: pressing one of them is no other activity.
  const onActivity = useEffectEvent(() => {
    if (warning !== null) return
    if (administrator !== undefined && Date.now() - lastResponseAt() > administrator.idleTtl / 4)
      void refetch()
  })
  useEffect(() => {
    const timer = setInterval(update, 1_000)
    const listener = () => onActivity()
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
    setWarning(null)
  }
  const { seconds, isFinal } = warning ?? { seconds: 0, isFinal: false }
  return (
    <Modal
      open={warning !== null}
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
