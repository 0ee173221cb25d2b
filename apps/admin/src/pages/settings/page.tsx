import { useQuery } from '@tanstack/react-query'
import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../language/texts.ts'
import { ErrorAlert } from '../../layout/error-alert.tsx'
import { Page } from '../../layout/page.tsx'
import { layoutText } from '../../layout/text.ts'
import { useTRPC } from '../../service/trpc-client.ts'
import { groupSettings } from './setting-groups.ts'
import { SettingsGroup } from './settings-group.tsx'
import { settingsText } from './text.ts'
import './settings.css'

export function SettingsPage(): ReactNode {
  const text = useText(settingsText)
  const title = useText(layoutText).settings
  const { data, error, refetch } = useQuery(useTRPC().settings.queryOptions())
  return (
    <Page title={title}>
      <p className="secondary-text settings-intro">{text.intro}</p>
      {error !== null && <ErrorAlert error={error} retry={refetch} />}
      {data === undefined && error === null && (
        <Skeleton active paragraph={{ rows: 12 }} aria-label={text.loading} />
      )}
      {groupSettings(data?.settings ?? []).map(({ group, settings }) => (
        <SettingsGroup key={group} title={text[group]} settings={settings} />
      ))}
    </Page>
  )
}
