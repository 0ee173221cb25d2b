/**
 * WeChat's server API as the use cases need it. Every refusal is thrown as a Failure: `code_rejected`,
 * `code_used`, `user_blocked`, `app_unknown`, `phone_rejected`, `data_rejected`, `wechat_rate_limited`,
 * `wechat_unavailable` or `wechat_misconfigured`.
 */
export interface WechatGateway {
  /**
   * Exchanges a login code for an identity. WeChat accepts a code once, so an implementation never retries. `network` is
   * where the code came from, as in `Origin.address`: refused codes are limited by it.
   */
  exchangeCode(
    appId: string,
    code: string,
    network: string,
  ): Promise<{ openid: string; unionid: string | null; sessionKey: string }>
  /** Exchanges a getPhoneNumber code for the number. WeChat checks that the code belongs to the openid. */
  phoneNumber(request: {
    appId: string
    openid: string
    code: string
    network: string
  }): Promise<string>
  /**
   * Makes WeChat replace the session_key and returns the new one; `data_rejected` where the given key is stale.
   */
  resetSessionKey(request: { appId: string; openid: string; sessionKey: string }): Promise<string>
}
