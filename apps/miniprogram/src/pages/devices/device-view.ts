import type { AppRouter } from '@mianmi/contracts'
import type { inferRouterOutputs } from '@trpc/server'
import { appName } from '../../account/app-name.ts'
import { minuteText } from '../../date-text.ts'

type Session = inferRouterOutputs<AppRouter>['session']['list']['sessions'][number]

export interface DeviceView {
  id: string
  name: string
  current: boolean
  lastSeen: string
  since: string
}

export function deviceView(session: Session, thisApp: string): DeviceView {
  const { id, appId, current, device, lastSeenAt, createdAt } = session
  return {
    id,
    current,
    name: deviceName(device ?? ''),
    lastSeen: `最近使用 ${minuteText(lastSeenAt)}`,
    since: `${appName(appId, appId === thisApp)}，登录于 ${minuteText(createdAt)}`,
  }
}

const kinds: [RegExp, string][] = [
  [/wechatdevtools/, '微信开发者工具'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/\(PC; .*Harmony/, '鸿蒙电脑'],
  [/\(Tablet; .*Harmony/, '鸿蒙平板'],
  [/Harmony/, '鸿蒙手机'],
  [/Android/, '安卓手机'],
  [/Windows/, 'Windows 电脑'],
  [/Macintosh|Mac OS/, 'Mac 电脑'],
  [/Linux/, 'Linux 电脑'],
]

/** A name that the owner recognises, from the device's User-Agent: `iPhone · 微信`. */
export function deviceName(agent: string): string {
  const kind = kinds.find(([pattern]) => pattern.test(agent))?.[1] ?? '未知设备'
  const name = modelName(agent) ?? kind
  return /MicroMessenger/.test(agent) && !name.startsWith('微信') ? `${name} · 微信` : name
}

/** `Pixel 8`, but no model number: `SM-G9910` and `V2049A` are not names that their owners know. */
function modelName(agent: string): string | undefined {
  const details = /Android [^;)]*; ([^)]*)/.exec(agent)?.[1]?.split('; ') ?? []
  const models = details.map((detail) => detail.replace(/ (Build|MIUI).*/, ''))
  // Others are a language, `wv` for a web view, and HarmonyOS's own words.
  return models.find((model) => /^(?!wv$|[a-z]{2}[-_]|H).*[a-z]{2}/.test(model))
}
