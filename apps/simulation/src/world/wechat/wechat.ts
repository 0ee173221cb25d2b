import type { WechatRequest } from '../../product/service-parts.ts'

export interface SimulatedWechat extends WechatCodes {
  /** How WeChat behaves at present. */
  mood: WechatMood
  /** The Open Platform account that each app belongs to; null for none, and then there is no unionid. */
  readonly platforms: Map<string, string | null>
  /** When an app last got another one, in virtual time. */
  platformsChangedAt: number
  /** Persons whom WeChat blocks. */
  readonly blocked: Set<string>
  /** Whether the next reply lacks the unionid, as WeChat's do at times. */
  forgetsUnionid: boolean
  /** The access token of the service that WeChat accepts. */
  accessToken: string
  /** When it replaced another one, in virtual time. */
  accessTokenReplacedAt: number
  openid(person: string, appId: string): string
  /** The person of an openid. */
  personOf(openid: string): string | undefined
  unionid(person: string, appId: string): string | null
  send(
    host: string,
    request: WechatRequest,
    deadline: { hasExpired(): boolean },
  ): Promise<WechatReply>
}

export interface WechatReply {
  readonly status: number
  readonly text: string
}

export interface WechatCodes {
  /** What `wx.login` returns on a phone of the person. */
  loginCode(person: string, appId: string): string
  /** What a getPhoneNumber button returns there. */
  phoneCode(who: { person: string; appId: string; openid: string; number: string }): string
  /** The person of a code, which is then used; or the errcode of the refusal. */
  useCode(code: string, appId: string): string | number
  usePhoneCode(code: string, openid: string): string | number
  /** Whose number a phone code is for; null for one that no phone made. */
  ofPhoneCode(code: string): { readonly openid: string; readonly number: string } | null
  appOfPhoneCode(code: string): string
  /** Whose phone made a login code; null for one that none made. */
  ownerOfCode(code: string): string | null
  /** Whether WeChat has told the service that the openid has the number. */
  hasVouchedFor(openid: string, number: string): boolean
  sessionKey(openid: string): string
  renewSessionKey(openid: string): string
  isSignedByNewest(openid: string, signature: string): boolean
}

/** How WeChat behaves for a while. */
export type WechatMood =
  | 'well'
  | 'busy'
  | 'slow'
  | 'unreachable'
  | 'mad'
  | 'limiting'
  | 'out of quota'
  | 'misconfigured'
  | 'of an unknown error'
