import type { Scope, ScopeResult, ScopeState } from '@mianmi/wx-session/scopes'

export interface Permission {
  scope: Scope
  title: string
  use: string
  state: ScopeState | 'unknown'
  badge: string
  tone: 'calm' | 'warm' | 'plain'
  /** The label of its button. */
  text: string
}

const badges: Record<ScopeState, Pick<Permission, 'badge' | 'tone'>> = {
  granted: { badge: '已允许', tone: 'calm' },
  refused: { badge: '已拒绝', tone: 'warm' },
  notAsked: { badge: '没有问过', tone: 'plain' },
  unavailable: { badge: '暂不可用', tone: 'warm' },
}

interface ScopeUse {
  title: string
  use: string
  /** The label of the button when the scope is granted; '' for no button. */
  granted: string
}

export const uses = {
  'scope.userLocation': {
    title: '位置',
    use: '看看你在哪里。只显示在这台手机上，不发给服务。',
    granted: '看看我在哪里',
  },
  'scope.record': {
    title: '麦克风',
    use: '只用来演示授权，没有录音功能，什么也不会录下。',
    granted: '',
  },
} satisfies Partial<Record<Scope, ScopeUse>>

export type UsedScope = keyof typeof uses
export const usedScopes = Object.keys(uses) as UsedScope[]

/** After a refusal WeChat shows no popup again, so the button opens the settings. */
export function permissionView(scope: UsedScope, state: ScopeState): Permission {
  const { title, use, granted } = uses[scope]
  const texts: Record<ScopeState, string> = {
    granted,
    refused: '去设置里打开',
    notAsked: '允许使用',
    unavailable: '重试',
  }
  return { scope, title, use, state, ...badges[state], text: texts[state] }
}

/** A note after a request, for results that the badge does not explain. */
export const resultNotes: Record<ScopeResult, string> = {
  granted: '',
  refused: '没有打开也没关系，其他功能照常使用；想用时点按钮去设置里打开。',
  privacyRefused: '没有同意隐私保护指引。想用时过 10 秒再点一次。',
  unavailable: '',
}
