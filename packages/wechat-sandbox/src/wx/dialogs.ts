import type { ApiCallbacks, ApiResult, ApiReturn, CallApi } from './api-call.ts'
import { ApiError } from './api-call.ts'
import type { ScreenHost, ToastIcon } from './screen/screen-host.ts'

/** Options of `wx.showToast`. */
export interface ToastOptions extends ApiCallbacks {
  /** The text. */
  title: string
  /** Default: `success`. */
  icon?: ToastIcon | undefined
  /** Milliseconds; default: 1,500. */
  duration?: number | undefined
  /** Accepted and ignored. */
  mask?: boolean | undefined
}

/** Options of `wx.showLoading`. */
export interface LoadingOptions extends ApiCallbacks {
  /** The text. */
  title: string
  /** Accepted and ignored. */
  mask?: boolean | undefined
}

/** Result of `wx.showModal`. */
export interface ModalResult extends ApiResult {
  /** Whether the user confirmed. */
  confirm: boolean
  /** Whether the user cancelled. */
  cancel: boolean
}

/** Options of `wx.showModal`. */
export interface ModalOptions extends ApiCallbacks<ModalResult> {
  /** Default: none. */
  title?: string | undefined
  /** Default: none. */
  content?: string | undefined
  /** Default: true. */
  showCancel?: boolean | undefined
  /** Up to four characters; default: 取消. */
  cancelText?: string | undefined
  /** Up to four characters; default: 确定. */
  confirmText?: string | undefined
}

/** Result of `wx.showActionSheet`. */
export interface ActionSheetResult extends ApiResult {
  /** The index of the chosen item. */
  tapIndex: number
}

/** Options of `wx.showActionSheet`. */
export interface ActionSheetOptions extends ApiCallbacks<ActionSheetResult> {
  /** One to six items. */
  itemList: string[]
}

/** Toasts, modals and action sheets. */
export interface DialogApi {
  /** Shows a toast in place of the visible one. */
  showToast<O extends ToastOptions>(options: O): ApiReturn<O, ApiResult>
  /** Hides the toast. */
  hideToast<O extends ApiCallbacks>(options?: O): ApiReturn<O, ApiResult>
  /** Shows a loading toast until it is hidden. */
  showLoading<O extends LoadingOptions>(options: O): ApiReturn<O, ApiResult>
  /** Hides the loading toast. */
  hideLoading<O extends ApiCallbacks>(options?: O): ApiReturn<O, ApiResult>
  /** Shows a modal dialog and waits for the answer. */
  showModal<O extends ModalOptions>(options: O): ApiReturn<O, ModalResult>
  /** Up to six items. Fails with `cancel` when none is chosen. */
  showActionSheet<O extends ActionSheetOptions>(options: O): ApiReturn<O, ActionSheetResult>
}

/** https://developers.weixin.qq.com/miniprogram/dev/api/ui/interaction/wx.showModal.html */
const maxButtonLength = 4
/** https://developers.weixin.qq.com/miniprogram/dev/api/ui/interaction/wx.showActionSheet.html */
const maxItems = 6

export function createDialogApi(callApi: CallApi, screen: ScreenHost): DialogApi {
  const hide = (): object => {
    screen.hideToast()
    return {}
  }
  return {
    showToast: (options) =>
      callApi('showToast', options, () => {
        const { title, icon = 'success', duration = 1500 } = options
        screen.showToast({ title, icon, duration })
        return {}
      }),
    hideToast: (options) => callApi('hideToast', options, hide),
    showLoading: (options) =>
      callApi('showLoading', options, () => {
        screen.showToast({
          title: options.title,
          icon: 'loading',
          duration: Number.POSITIVE_INFINITY,
        })
        return {}
      }),
    hideLoading: (options) => callApi('hideLoading', options, hide),
    showModal: (options) => callApi('showModal', options, () => askModal(screen, options)),
    showActionSheet: (options) =>
      callApi('showActionSheet', options, () => askActionSheet(screen, options)),
  }
}

async function askModal(
  screen: ScreenHost,
  options: ModalOptions,
): Promise<Omit<ModalResult, 'errMsg'>> {
  const { title = '', content = '', showCancel = true } = options
  const { cancelText = '取消', confirmText = '确定' } = options
  for (const [name, text] of Object.entries({ cancelText, confirmText })) {
    if ([...text].length > maxButtonLength) {
      throw new ApiError(`${name} length should not be larger than ${maxButtonLength} characters`)
    }
  }
  const confirm = await screen.showModal({ title, content, showCancel, cancelText, confirmText })
  return { confirm, cancel: !confirm }
}

async function askActionSheet(
  screen: ScreenHost,
  { itemList }: ActionSheetOptions,
): Promise<{ tapIndex: number }> {
  if (!Array.isArray(itemList) || itemList.length === 0 || itemList.length > maxItems) {
    throw new ApiError(`parameter error: itemList should have 1 to ${maxItems} items`)
  }
  const tapIndex = await screen.showActionSheet(itemList)
  if (tapIndex < 0) throw new ApiError('cancel')
  return { tapIndex }
}
