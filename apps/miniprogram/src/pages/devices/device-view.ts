import type { AppRouter } from '@mianmi/contracts'
import type { inferRouterOutputs } from '@trpc/server'
import { minuteText } from '../../date-text.ts'

type Session = inferRouterOutputs<AppRouter>['session']['list']['sessions'][number]

export interface DeviceView {
  id: string
  name: string
  current: boolean
  lastSeen: string
  since: string
}

export function deviceView({ id, current, device, lastSeenAt, createdAt }: Session): DeviceView {
  return {
    id,
    current,
    name: deviceName(device ?? ''),
    lastSeen: `最近使用 ${minuteText(lastSeenAt)}`,
    since: `登录于 ${minuteText(createdAt)}`,
  }
}

const kinds: [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/HarmonyOS|OpenHarmony/, '鸿蒙手机'],
  [/Android/, '安卓手机'],
  [/Windows/, 'Windows 电脑'],
  [/Macintosh|Mac OS/, 'Mac 电脑'],
  [/Linux/, 'Linux 电脑'],
]

/** A name that the owner recognises, from the device's User-Agent. */
export function deviceName(agent: string): string {
  const model = /Android[^;]*; ([^;)]+?)(?: Build| MIUI|[;)])/.exec(agent)?.[1]
  const kind = kinds.find(([pattern]) => pattern.test(agent))?.[1] ?? '未知设备'
  return model && model !== 'K' && model !== 'wv' ? model : kind
}
