import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { LanguageSwitch } from './language-switch.tsx'
import { Refusal } from './refusal.tsx'

/** Where not even the frame can be shown, since nobody knows who is there. */
export function Broken({ error }: { error: unknown }): ReactNode {
  const router = useRouter()
  return (
    <main className="alone">
      <Refusal error={error} retry={() => void router.invalidate()} />
      <LanguageSwitch />
    </main>
  )
}
