import {
  describeFailure,
  type Failure,
  isNetworkFailure,
  noFailure,
} from '../../failure/failure.ts'
import type { session } from '../../session/session.ts'

type AppSessionState = typeof session.state

export interface StateCard {
  tone: 'calm' | 'warm'
  badge: string
  title: string
  text: string
  /** `noFailure` unless the state is `offline`. */
  failure: Failure
  action: 'signIn' | 'retry' | 'none'
  actionText: string
}

/** The card for a person who is not signed in; null for `starting` and `signedIn`. */
export function stateCard(state: AppSessionState): StateCard | null {
  switch (state.status) {
    case 'starting':
    case 'signedIn':
      return null
    case 'unbound':
      return {
        tone: 'warm',
        badge: '未绑定',
        title: '还差一步，就能免密登录',
        text: '这个微信还没有绑定账号。绑定或注册一次，以后打开就已登录。',
        failure: noFailure,
        action: 'signIn',
        actionText: '登录 / 注册',
      }
    case 'signedOut':
      return {
        tone: 'calm',
        badge: '访客',
        title: '随便看看',
        text: '不登录也可以浏览。登录后，换一台设备也是同一个你。',
        failure: noFailure,
        action: 'signIn',
        actionText: '登录',
      }
    case 'offline':
      return failedCard(state.error)
  }
}

function failedCard(error: unknown): StateCard {
  const failure = describeFailure(error)
  return {
    tone: 'warm',
    badge: isNetworkFailure(error) ? '离线' : '未登录',
    title: '暂时没有登录上',
    text: failure.text,
    failure,
    action: failure.action === 'blocked' ? 'none' : 'retry',
    actionText: '重试',
  }
}
