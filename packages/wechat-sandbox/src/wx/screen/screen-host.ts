export type ToastIcon = 'success' | 'error' | 'loading' | 'none'

export interface Toast {
  title: string
  icon: ToastIcon
  /** Milliseconds; `Infinity` for a loading toast. */
  duration: number
}

export interface Modal {
  title: string
  content: string
  showCancel: boolean
  cancelText: string
  confirmText: string
}

/** A line of the settings page. */
export interface SettingItem {
  scope: string
  label: string
  granted: boolean
}

/** The part of app.json that WeChat judges by; without one nothing is refused for want of it. */
export interface Manifest {
  permission?: Record<string, { desc?: string }>
  requiredPrivateInfos?: string[]
}

/** Pixels. One alone keeps the shape; with neither the size stays. */
export interface ImageCompression {
  width?: number | undefined
  height?: number | undefined
  /** 0 to 100, for JPEG. */
  quality: number
}

/** What the phone tells a `wx` object, and asks of it for WeChat's own components. */
export interface WxCallbacks {
  /** The app goes to the background. */
  appHidden(): void
  appShown(opened: object): void
  /** A button with `open-type="agreePrivacyAuthorization"` was tapped. */
  privacyAgreed(buttonId: string): void
  /**
   * Settles when a component, such as `button.getPhoneNumber`, may touch what is personal; rejects
   * with an error whose `message` follows `fail ` and whose `errno` is 104 or 112.
   */
  requirePrivacy(component: string): Promise<void>
  /** For `open-type="openSetting"`; answers with scope → granted. */
  openSettings(): Promise<Record<string, boolean>>
}

/**
 * Whatever draws the phone. Navigation rejects with the reason alone, such as
 * `Error('page "x" is not found')`; the `wx` object puts `navigateTo:fail ` before it.
 */
export interface ScreenHost {
  navigateTo(url: string): Promise<void>
  redirectTo(url: string): Promise<void>
  switchTab(url: string): Promise<void>
  reLaunch(url: string): Promise<void>
  navigateBack(delta: number): Promise<void>
  setNavigationBarTitle(title: string): void
  showToast(toast: Toast): void
  hideToast(): void
  /** Resolves with whether it was confirmed. */
  showModal(modal: Modal): Promise<boolean>
  /** Resolves with the chosen item's index, or -1 when cancelled. */
  showActionSheet(items: string[]): Promise<number>
  stopPullDownRefresh(): void
  /** WeChat's popup before something personal is used; resolves with whether it was allowed. */
  showScopeDialog(dialog: { title: string; detail: string }): Promise<boolean>
  /** The settings page; resolves when it is left, with scope → granted. */
  showSettings(items: SettingItem[]): Promise<Record<string, boolean>>
  /** Whether the handler of a tap runs right now. Without it every call counts as one in a tap. */
  isTapping?(): boolean
  manifest?: Manifest | undefined
  /** The bytes of a temporary file, where there is one. */
  readFile?(path: string): Uint8Array | undefined
  /** Draws a picture again; resolves with the new file's path, rejects for what is no picture. */
  compressImage?(path: string, to: ImageCompression): Promise<string>
  /** Takes the other end of the line, where the screen has something to tell. */
  connect?(callbacks: WxCallbacks): void
}
