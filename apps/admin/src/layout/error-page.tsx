import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ErrorAlert } from './error-alert.tsx'
import { LanguageSwitch } from './language-switch.tsx'

/** Shown without navigation when the session cannot be checked. */
export function ErrorPage({ error }: { error: unknown }): ReactNode {
  const router = useRouter()
  return (
    <main className="standalone-page">
      <ErrorAlert error={error} retry={() => void router.invalidate()} />
      <LanguageSwitch />
    </main>
  )
}
