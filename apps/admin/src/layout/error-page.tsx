import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ErrorAlert } from './error-alert.tsx'
import { LanguageSwitch } from './language-switch.tsx'

/** Where not even the frame can be shown, since nobody knows who is there. */
export function ErrorPage({ error }: { error: unknown }): ReactNode {
  const router = useRouter()
  return (
    <main className="alone">
      <ErrorAlert error={error} retry={() => void router.invalidate()} />
      <LanguageSwitch />
    </main>
  )
}
