import type { Random } from '../../random.ts'
import type { WechatMood, WechatReply } from './wechat.ts'

export const moods: readonly WechatMood[] = [
  'busy',
  'slow',
  'unreachable',
  'mad',
  'limiting',
  'out of quota',
  'misconfigured',
  'of an unknown error',
]

const refusal = (errcode: number, errmsg = ''): WechatReply => ({
  status: 200,
  text: JSON.stringify({ errcode, errmsg }),
})

const misconfigurations = [40013, 40125, 40164, 41002, 41004, 41008]

const nonsense = [
  '',
  '<html>502</html>',
  '[]',
  'null',
  '{"errcode":"0"}',
  '{"openid":"","session_key":"a"}',
  '{"openid":"o-x"}',
  '{"errcode":0}',
]

/** What WeChat answers in a mood; null where it answers properly. */
export function faultOf(mood: WechatMood, path: string, random: Random): WechatReply | null {
  switch (mood) {
    case 'well':
    case 'slow':
    case 'unreachable':
      return null
    case 'busy':
      return random.chance(0.8) ? refusal(-1, 'system error') : null
    case 'mad':
      if (random.chance(0.2)) return { status: random.pick([500, 502, 302]), text: '{}' }
      return { status: 200, text: random.pick(nonsense) }
    case 'limiting':
      return refusal(45011)
    case 'out of quota':
      return path === '/cgi-bin/stable_token' ? null : refusal(45009)
    case 'misconfigured':
      return refusal(random.pick(misconfigurations), 'invalid ip 203.0.113.9, not in whitelist')
    case 'of an unknown error':
      return refusal(random.pick([40066, 48001, 61024]))
  }
}
