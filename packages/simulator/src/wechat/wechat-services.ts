import type { Dialogs } from '../chrome/dialog/dialogs.ts'
import type { WxCallbacks } from '../screen-host.ts'
import type { TemporaryFiles } from './temporary-files.ts'

export type PhoneNumberResult = { code: string } | { errMsg: string; errno?: number }

/** What WeChat itself would do behind a button's `open-type`. */
export interface OpenTypeHandlers {
  /** The code, once the person has allowed it; `errno` 1400001 where the quota is used up. */
  getPhoneNumber?: () => Promise<PhoneNumberResult>
  /** What “my WeChat avatar” is; the person's `avatarUrl` when not given. */
  chooseAvatar?: () => Promise<{ avatarUrl: string }>
  /** Who holds the phone. Without it nobody is asked: no dialogs, no nickname to suggest. */
  person?: () => PhoneOwner
  /** Hears how each of WeChat's own buttons ended; `detail` is what the page gets. */
  onEnd?: (end: OpenTypeRecord) => void
}

export interface OpenTypeRecord {
  openType: string
  /** Milliseconds since the epoch. */
  startedAt: number
  endedAt: number
  detail: Record<string, unknown>
}

export interface PhoneOwner {
  nickname: string
  /** All digits; dialogs show it masked. */
  phone: string
  avatarUrl?: string
}

/** What WeChat's own components have at hand. */
export interface WechatServices {
  openType: OpenTypeHandlers
  dialogs: Dialogs
  files: TemporaryFiles
  /** What can be loaded here for an address of WeChat's. */
  resolveUrl(url: string): string
  /** The other end of the line to `wx`, where `wx` took one. */
  wxCallbacks(): WxCallbacks | undefined
}
