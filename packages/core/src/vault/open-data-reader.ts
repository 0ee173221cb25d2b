/** Decrypts what WeChat encrypted for an app. */
export interface OpenDataReader {
  /** @throws where anything about the data is wrong, its watermark's app and age included */
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
