import type { Dialogs } from '../chrome/dialog/dialogs.ts'
import type { WxCallbacks } from '../screen-host.ts'
import type { TemporaryFiles } from './temporary-files.ts'

/** The detail of a `getphonenumber` event. */
export type PhoneNumberResult = { code: string } | { errMsg: string; errno?: number }

/** What WeChat does behind the `open-type` of buttons. */
export interface OpenTypeHandlers {
  /** Returns the code, after the user has allowed it; `errno` 1400001 where the quota is exhausted. */
  getPhoneNumber?: () => Promise<PhoneNumberResult>
  /** Returns the user's WeChat avatar; default: a copy of `avatarUrl` of `person`. */
  chooseAvatar?: () => Promise<{ avatarUrl: string }>
  /** The user who holds the phone. Without it there are no dialogs and no nickname suggestion. */
  person?: () => PhoneOwner
  /**
   * WeChat's review of a nickname, after its field has lost the focus. A refused one is removed from the field;
   * undefined stands for an old base library, which has no review and no event. Default: every nickname passes, at once.
   */
  reviewNickname?: (nickname: string) => Promise<NicknameReview | undefined>
  /** Called after each use of a button with an `open-type` that sends an event to the page. */
  onEnd?: (end: OpenTypeRecord) => void
}

/** The detail of a `nicknamereview` event. */
export interface NicknameReview {
  /** Whether WeChat accepts the nickname; says nothing after a timeout. */
  pass: boolean
  /** The review has not ended in time. */
  timeout: boolean
}

/** One finished use of a button with an `open-type`. */
export interface OpenTypeRecord {
  /** Such as `getPhoneNumber`. */
  openType: string
  /** Milliseconds since the epoch. */
  startedAt: number
  /** Milliseconds since the epoch. */
  endedAt: number
  /** The detail of the event that the page gets. */
  detail: Record<string, unknown>
}

/** The user who holds the phone. */
export interface PhoneOwner {
  /** The WeChat nickname. */
  nickname: string
  /** All digits of the phone number; dialogs show it masked. */
  phone: string
  /** The URL of the WeChat avatar. */
  avatarUrl?: string
}

/** What WeChat's built-in components use. */
export interface WechatServices {
  /** The handlers behind the `open-type` of buttons. */
  openType: OpenTypeHandlers
  /** The dialogs that WeChat shows above the page. */
  dialogs: Dialogs
  /** The temporary files of the running mini program. */
  files: TemporaryFiles
  /** The URL that the browser can load for one that only WeChat can load. */
  resolveUrl(url: string): string
  /** The callbacks that `wx` registered, if any. */
  wxCallbacks(): WxCallbacks | undefined
}
