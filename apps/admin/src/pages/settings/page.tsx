import type { ReactNode } from 'react'
import { useText } from '../../language/texts.ts'
import { Page } from '../../layout/page.tsx'
import { layoutText } from '../../layout/text.ts'

export function SettingsPage(): ReactNode {
  return <Page title={useText(layoutText).settings} />
}
