/** What a `wx` object needs of the screen. A `wx` written elsewhere matches this by its shape. */
export interface ScreenHost {
  /** Rejects with WeChat's own words, such as `page "x" is not found`. */
  navigateTo(url: string): Promise<void>
  redirectTo(url: string): Promise<void>
  switchTab(url: string): Promise<void>
  reLaunch(url: string): Promise<void>
  navigateBack(delta: number): Promise<void>
  setNavigationBarTitle(title: string): void
  showToast(toast: Toast): void
  hideToast(): void
  /** Whether the person confirmed. */
  showModal(modal: Modal): Promise<boolean>
  /** The index of the chosen item, -1 when the person cancels. */
  showActionSheet(items: string[]): Promise<number>
  stopPullDownRefresh(): void
  /** WeChat's popup before something personal is used; whether the person allowed it. */
  showScopeDialog(dialog: { title: string; detail: string }): Promise<boolean>
  /** WeChat's settings page; resolves when it is left, with scope → granted. */
  showSettings(items: SettingItem[]): Promise<Record<string, boolean>>
  /** Whether the handler of a tap runs right now: an `await` ends it. */
  isTapping(): boolean
  /** The part of app.json that WeChat judges by. */
  manifest: Manifest
  /** The bytes of a temporary file, where there is one. */
  readFile(path: string): Uint8Array | undefined
  /** Draws a picture again; resolves with the new file's path, rejects for what is no picture. */
  compressImage(path: string, to: ImageCompression): Promise<string>
  /** Takes what the phone tells a `wx`, and asks of it for WeChat's own components. */
  connect(wxCallbacks: WxCallbacks): void
}

/** Pixels. One alone keeps the shape; with neither the size stays. */
export interface ImageCompression {
  width?: number | undefined
  height?: number | undefined
  /** 0 to 100, for JPEG. */
  quality: number
}

export interface SettingItem {
  scope: string
  label: string
  granted: boolean
}

export interface Manifest {
  permission?: Record<string, { desc?: string }>
  requiredPrivateInfos?: string[]
}

/** The end of the line that a `wx` object holds. */
export interface WxCallbacks {
  appHidden(): void
  appShown(opened: object): void
  /** A button with `open-type="agreePrivacyAuthorization"` was tapped. */
  privacyAgreed(buttonId: string): void
  /** Settles when a component, such as `button.getPhoneNumber`, may touch what is personal. */
  requirePrivacy(component: string): Promise<void>
  openSettings(): Promise<Record<string, boolean>>
}

export interface Toast {
  title: string
  icon: 'success' | 'error' | 'loading' | 'none'
  /** Milliseconds; `Infinity` stays until hidden. */
  duration: number
}

export interface Modal {
  title: string
  content: string
  showCancel: boolean
  cancelText: string
  confirmText: string
}

export type Theme = 'light' | 'dark'
