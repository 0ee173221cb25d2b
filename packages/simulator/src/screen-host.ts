/** What the simulator offers a `wx` object. `ScreenHost` of `@mianmi/wechat-sandbox` has the same shape. */
export interface ScreenHost {
  /** Opens a page above the current one. Rejects with WeChat's message, such as `page "x" is not found`. */
  navigateTo(url: string): Promise<void>
  /** Replaces the current page. */
  redirectTo(url: string): Promise<void>
  /** Opens a page of the tab bar and closes all others. */
  switchTab(url: string): Promise<void>
  /** Closes all pages and opens one. */
  reLaunch(url: string): Promise<void>
  /** Closes `delta` pages, but not the first one. */
  navigateBack(delta: number): Promise<void>
  /** Sets the title of the current page. */
  setNavigationBarTitle(title: string): void
  /** Replaces the visible toast. */
  showToast(toast: Toast): void
  /** Hides the visible toast. */
  hideToast(): void
  /** Resolves with whether the user confirmed. */
  showModal(modal: Modal): Promise<boolean>
  /** Resolves with the index of the chosen item, or -1 when cancelled. */
  showActionSheet(items: string[]): Promise<number>
  /** Ends the pull-down refresh of the current page. */
  stopPullDownRefresh(): void
  /** Shows WeChat's permission popup; resolves with whether the user allowed it. */
  showScopeDialog(dialog: { title: string; detail: string }): Promise<boolean>
  /** Shows the settings page; resolves with scope → granted when the user leaves it. */
  showSettings(items: SettingItem[]): Promise<Record<string, boolean>>
  /** Whether the handler of a tap is running; an `await` in the handler ends the tap. */
  isTapping(): boolean
  /** The part of app.json that WeChat checks. */
  manifest: Manifest
  /** The bytes of a temporary file; undefined where it does not exist. */
  readFile(path: string): Uint8Array | undefined
  /** Compresses a picture; resolves with the path of the new file, rejects where it is not a picture. */
  compressImage(path: string, to: ImageCompression): Promise<string>
  /** Registers the callbacks of the `wx` object. */
  connect(wxCallbacks: WxCallbacks): void
}

/** How to compress a picture. One dimension alone keeps the aspect ratio; without both the size is unchanged. */
export interface ImageCompression {
  /** Pixels. */
  width?: number | undefined
  /** Pixels. */
  height?: number | undefined
  /** JPEG quality, 0 to 100. */
  quality: number
}

/** A switch on the settings page. */
export interface SettingItem {
  /** Such as `scope.record`. */
  scope: string
  /** The label that the user sees. */
  label: string
  /** Whether the scope is granted. */
  granted: boolean
}

/** The part of app.json that WeChat checks. */
export interface Manifest {
  /** Scope → the reason that the popup shows. */
  permission?: Record<string, { desc?: string }>
  /** The location APIs that the mini program uses. */
  requiredPrivateInfos?: string[]
}

/** The callbacks through which the simulator reaches a `wx` object. */
export interface WxCallbacks {
  /** The app goes to the background. */
  appHidden(): void
  /** The app returns to the foreground. */
  appShown(launchOptions: object): void
  /** A button with `open-type="agreePrivacyAuthorization"` was tapped. */
  privacyAgreed(buttonId: string): void
  /** Resolves when a component that needs privacy consent, such as `button.getPhoneNumber`, may continue. */
  requirePrivacy(component: string): Promise<void>
  /** Opens the settings for `open-type="openSetting"`; resolves with scope → granted. */
  openSettings(): Promise<Record<string, boolean>>
}

/** A toast to show. */
export interface Toast {
  /** The text. */
  title: string
  /** The icon above the text. */
  icon: 'success' | 'error' | 'loading' | 'none'
  /** Milliseconds; `Infinity` stays until hidden. */
  duration: number
}

/** A modal dialog to show. */
export interface Modal {
  /** Empty for no title. */
  title: string
  /** The text below the title. */
  content: string
  /** Whether there is a cancel button. */
  showCancel: boolean
  /** The text of the cancel button. */
  cancelText: string
  /** The text of the confirm button. */
  confirmText: string
}

/** The colour scheme of WeChat. */
export type Theme = 'light' | 'dark'
