/**
 * What the use cases ask of WeChat. Every refusal is thrown as a Failure: `code_rejected`,
 * `code_used`, `user_blocked`, `app_unknown`, `phone_rejected`, `data_rejected`, `wechat_rate_limited`,
 * `wechat_unavailable` or `wechat_misconfigured`.
 */
export interface WechatGateway {
  /** Trades a login code for an identity. WeChat takes a code once, so this never repeats one. */
  exchangeCode(
    appId: string,
    code: string,
  ): Promise<{ openid: string; unionid: string | null; sessionKey: string }>
  /** Trades a getPhoneNumber code for the number, which WeChat checks to belong to the openid. */
  phoneNumber(request: { appId: string; openid: string; code: string }): Promise<string>
  /** Has WeChat put a new session_key in the place of this one; `data_rejected` where it is stale already. */
  resetSessionKey(request: { appId: string; openid: string; sessionKey: string }): Promise<string>
}
