/** One call of the service to WeChat, as the sandbox logs it: it shortens codes itself. */
export interface WechatCall {
  seq: number
  /** ISO 8601. */
  at: string
  durationMs: number
  method: string
  path: string
  /** 0 for a success, null where no answer went out. */
  errcode: number | null
}

type Read = (since: number) => Promise<WechatCall[]>

/** Each `pull` shows what is new since the last; the first one only takes note of the past. */
export function createWechatCallPoller(read: Read, show: (call: WechatCall) => void) {
  let last: WechatCall | undefined
  let isFirst = true
  let running: Promise<void> = Promise.resolve()

  /** Asks for the last one again: a sandbox that has restarted counts anew and does not know it. */
  async function fetchNewCalls(): Promise<WechatCall[]> {
    if (!last) return read(0)
    const { seq, at } = last
    const [same, ...calls] = await read(seq - 1)
    return same?.seq === seq && same.at === at ? calls : read(0)
  }

  async function pull(): Promise<void> {
    const calls = await fetchNewCalls().catch(() => undefined)
    if (!calls) return
    last = calls.at(-1) ?? last
    if (!isFirst) for (const call of calls) show(call)
    isFirst = false
  }

  return {
    pull(): Promise<void> {
      running = running.then(pull)
      return running
    },
  }
}
