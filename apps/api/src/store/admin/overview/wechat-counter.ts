/** How one request to WeChat ended; `errcode` is null when no complete answer came. */
export interface WechatRequestOutcome {
  readonly appId: string
  readonly path: string
  readonly errcode: number | null
  readonly durationMs: number
}

/** Counts WeChat's answers by day, app, API and errcode. */
export interface WechatCounter {
  /** Counts an answer in memory. What is not written yet is lost when the process is killed. */
  add(answer: WechatRequestOutcome): void
}
