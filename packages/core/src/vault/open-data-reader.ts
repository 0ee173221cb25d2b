/** Decrypts open data that WeChat encrypted for an app. */
export interface OpenDataReader {
  /**
   * Verifies and decrypts.
   *
   * @throws Error for any fault of the data, its watermark's appid and age included
   */
  decrypt(request: {
    appId: string
    /** Data that names an openid must name this one. */
    openid: string
    sessionKey: string
    encryptedData: string
    iv: string
    now: number
  }): Record<string, unknown>
}
