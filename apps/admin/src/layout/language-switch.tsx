import { GlobalOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { languageTags, switchLanguage, useLanguage } from '../language/language.ts'
import { useText } from '../language/texts.ts'
import { layoutText } from './text.ts'

export function LanguageSwitch(): ReactNode {
  const { otherLanguage } = useText(layoutText)
  const other = useLanguage() === 'zh' ? 'en' : 'zh'
  return (
    <Button
      type="text"
      icon={<GlobalOutlined aria-hidden />}
      lang={languageTags[other]}
      onClick={switchLanguage}
    >
      {otherLanguage}
    </Button>
  )
}
