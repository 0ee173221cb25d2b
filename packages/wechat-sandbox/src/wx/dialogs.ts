import type { ApiCallbacks, ApiResult, ApiReturn, CallApi } from './api-call.ts'
import { ApiError } from './api-call.ts'
import type { ScreenHost, ToastIcon } from './screen/screen-host.ts'

export interface ToastOptions extends ApiCallbacks {
  title: string
  icon?: ToastIcon | undefined
  /** Milliseconds; 1,500 when not given. */
  duration?: number | undefined
  mask?: boolean | undefined
}

export interface LoadingOptions extends ApiCallbacks {
  title: string
  mask?: boolean | undefined
}

export interface ModalResult extends ApiResult {
  confirm: boolean
  cancel: boolean
}

export interface ModalOptions extends ApiCallbacks<ModalResult> {
  title?: string | undefined
  content?: string | undefined
  showCancel?: boolean | undefined
  cancelText?: string | undefined
  confirmText?: string | undefined
}

export interface ActionSheetResult extends ApiResult {
  tapIndex: number
}

export interface ActionSheetOptions extends ApiCallbacks<ActionSheetResult> {
  itemList: string[]
}

export interface DialogApi {
  showToast<O extends ToastOptions>(options: O): ApiReturn<O, ApiResult>
  hideToast<O extends ApiCallbacks>(options?: O): ApiReturn<O, ApiResult>
  showLoading<O extends LoadingOptions>(options: O): ApiReturn<O, ApiResult>
  hideLoading<O extends ApiCallbacks>(options?: O): ApiReturn<O, ApiResult>
  showModal<O extends ModalOptions>(options: O): ApiReturn<O, ModalResult>
  /** Fails with `cancel` when nothing is chosen. */
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
