import type { ReactNode } from 'react'
import { useText } from '../../language/texts.ts'
import { SecretDialog } from '../../secret/secret-dialog.tsx'
import { serviceKeysText } from './text.ts'

/** A key, which the service shows only once. */
export interface ShownKey {
  readonly name: string
  readonly secret: string
}

export function KeyDialog({
  name,
  secret,
  onClose,
}: ShownKey & { onClose: () => void }): ReactNode {
  const text = useText(serviceKeysText)
  return (
    <SecretDialog
      title={text.keyTitle(name)}
      hint={text.keyHint}
      secret={secret}
      onClose={onClose}
    />
  )
}
