import type { ReactNode } from 'react'
import { useText } from '../../language/texts.ts'
import { Page } from '../../layout/page.tsx'
import { layoutText } from '../../layout/text.ts'

export function MePage(): ReactNode {
  return <Page title={useText(layoutText).me} />
}
