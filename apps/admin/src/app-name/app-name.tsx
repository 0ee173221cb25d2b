import type { ReactNode } from 'react'
import { useAppName } from './use-app-name.ts'

/** The name of a mini program, with its appid on hover; the appid alone where there is no name. */
export function AppName({ appId }: { appId: string | null }): ReactNode {
  const nameOf = useAppName()
  if (appId === null) return <span className="secondary-text">—</span>
  const name = nameOf(appId)
  return (
    <span className={name === appId ? 'app-name code' : 'app-name'} title={appId}>
      {name}
    </span>
  )
}
