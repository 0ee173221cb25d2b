/** What a `wx` object needs of the screen. A `wx` written elsewhere matches this by its shape. */
export interface Stage {
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
