/** Milliseconds. WeChat's review ends in time by itself; an old base library has none. */
const longestWait = 5_000

/** Follows WeChat's review of the nickname field: it begins when the field loses the focus. */
export interface NicknameReview {
  focus(): void
  blur(nickname: string): void
  /** For bindnicknamereview. Returns whether WeChat refuses the nickname that it has reviewed. */
  end(result: NicknameReviewResult, nickname: string): boolean
  /**
   * Waits for the end of a review. Whether WeChat refuses this nickname; false without a review in time: then the rules
   * of the service decide alone.
   */
  isRefused(nickname: string): Promise<boolean>
}

/** https://developers.weixin.qq.com/miniprogram/dev/component/input.html */
export interface NicknameReviewResult {
  pass: boolean
  timeout: boolean
}

export function createNicknameReview(): NicknameReview {
  let isFocused = false
  /** Those whose review has not ended, in the order in which the field has lost the focus. */
  const reviewing: string[] = []
  /** How many of them were waited for in vain. */
  let overdue = 0
  const refused = new Set<string>()
  let ended: (() => void) | null = null

  return {
    focus() {
      isFocused = true
    },
    blur(nickname) {
      isFocused = false
      reviewing.push(nickname.trim())
    },
    end({ pass, timeout }, nickname) {
      const reviewed = reviewing.shift() ?? nickname.trim()
      overdue = Math.max(0, overdue - 1)
      const isRefused = !pass && !timeout
      if (isRefused) refused.add(reviewed)
      else if (pass) refused.delete(reviewed)
      if (!isFocused && reviewing.length === 0) ended?.()
      return isRefused && reviewed === nickname.trim()
    },
    async isRefused(nickname) {
      // A tap on a button takes the focus from the field, on some phones only after the tap.
      if (isFocused || reviewing.length > overdue) {
        await new Promise<void>((resolve) => {
          ended = resolve
          setTimeout(resolve, longestWait)
        })
        ended = null
        overdue = reviewing.length
      }
      return refused.has(nickname)
    },
  }
}
