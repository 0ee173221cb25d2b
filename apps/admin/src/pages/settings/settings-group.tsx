import { Tag } from 'antd'
import { type ReactNode, useId } from 'react'
import { languageTags, useLanguage } from '../../language/language.ts'
import { useText } from '../../language/texts.ts'
import type { AdminOutput } from '../../service/trpc-client.ts'
import { exactDuration } from './exact-duration.ts'
import { settingMeanings, settingsText } from './text.ts'

type Setting = AdminOutput['settings']['settings'][number]

interface SettingsGroupProps {
  readonly title: string
  readonly settings: readonly Setting[]
}

export function SettingsGroup({ title, settings }: SettingsGroupProps): ReactNode {
  const text = useText(settingsText)
  const meanings: Record<string, string> = useText(settingMeanings)
  const id = useId()
  return (
    <section className="card settings">
      <h2 id={id}>{title}</h2>
      <table aria-labelledby={id}>
        <thead>
          <tr>
            <th scope="col">{text.name}</th>
            <th scope="col">{text.value}</th>
            <th scope="col">{text.meaning}</th>
          </tr>
        </thead>
        <tbody>
          {settings.map((setting) => (
            <tr key={setting.name}>
              <th scope="row" className="code">
                {setting.name}
              </th>
              <td>
                <Value setting={setting} />
              </td>
              <td className="secondary-text">{meanings[setting.name]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** A setting's value. Of a secret it shows only whether it is set. */
function Value({ setting: { name, value, secret, isDefault } }: { setting: Setting }): ReactNode {
  const text = useText(settingsText)
  const tag = languageTags[useLanguage()]
  if (secret) return isDefault ? <Tag>{text.notSet}</Tag> : <Tag color="success">{text.set}</Tag>
  return (
    <span className="settings-value">
      {value === null && <span className="secondary-text">{text.notSet}</span>}
      {value !== null && <span className="code">{value}</span>}
      {value !== null && name.endsWith('_TTL') && <span>{exactDuration(Number(value), tag)}</span>}
      {isDefault && value !== null && <Tag>{text.isDefault}</Tag>}
    </span>
  )
}
