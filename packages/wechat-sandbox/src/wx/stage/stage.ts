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

/**
 * Whatever draws the phone. Navigation rejects with the reason alone, such as
 * `Error('page "x" is not found')`; the `wx` object puts `navigateTo:fail ` before it.
 */
export interface Stage {
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
}
