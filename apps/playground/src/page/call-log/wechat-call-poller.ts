/** A call of the service to WeChat, as the sandbox logs it, with codes shortened. */
export interface WechatCall {
  seq: number
  /** ISO 8601. */
  at: string
  durationMs: number
  method: string
  path: string
  /** 0 for a success, null where no reply was sent. */
  errcode: number | null
}

type Read = (since: number) => Promise<WechatCall[]>

/** Each `pull` shows the calls since the previous one; the first pull shows nothing. */
export function createWechatCallPoller(read: Read, show: (call: WechatCall) => void) {
  let last: WechatCall | undefined
  let isFirst = true
  let running: Promise<void> = Promise.resolve()

  /** Requests the last call again: a restarted sandbox counts from 1 and does not have it. */
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
