import type { Answer, Call, Callbacks, Result } from './call.ts'
import { ApiError } from './call.ts'
import type { Stage, ToastIcon } from './stage/stage.ts'

export interface ToastOptions extends Callbacks {
  title: string
  icon?: ToastIcon | undefined
  /** Milliseconds; 1,500 when not given. */
  duration?: number | undefined
  mask?: boolean | undefined
}

export interface LoadingOptions extends Callbacks {
  title: string
  mask?: boolean | undefined
}

export interface ModalResult extends Result {
  confirm: boolean
  cancel: boolean
}

export interface ModalOptions extends Callbacks<ModalResult> {
  title?: string | undefined
  content?: string | undefined
  showCancel?: boolean | undefined
  cancelText?: string | undefined
  confirmText?: string | undefined
}

export interface ActionSheetResult extends Result {
  tapIndex: number
}

export interface ActionSheetOptions extends Callbacks<ActionSheetResult> {
  itemList: string[]
}

export interface DialogApi {
  showToast<O extends ToastOptions>(options: O): Answer<O, Result>
  hideToast<O extends Callbacks>(options?: O): Answer<O, Result>
  showLoading<O extends LoadingOptions>(options: O): Answer<O, Result>
  hideLoading<O extends Callbacks>(options?: O): Answer<O, Result>
  showModal<O extends ModalOptions>(options: O): Answer<O, ModalResult>
  /** Fails with `cancel` when nothing is chosen. */
  showActionSheet<O extends ActionSheetOptions>(options: O): Answer<O, ActionSheetResult>
}

/** https://developers.weixin.qq.com/miniprogram/dev/api/ui/interaction/wx.showModal.html */
const longestButton = 4
/** https://developers.weixin.qq.com/miniprogram/dev/api/ui/interaction/wx.showActionSheet.html */
const mostItems = 6

export function createDialogs(call: Call, stage: Stage): DialogApi {
  const hide = (): object => {
    stage.hideToast()
    return {}
  }
  return {
    showToast: (options) =>
      call('showToast', options, () => {
        const { title, icon = 'success', duration = 1500 } = options
        stage.showToast({ title, icon, duration })
        return {}
      }),
    hideToast: (options) => call('hideToast', options, hide),
    showLoading: (options) =>
      call('showLoading', options, () => {
        stage.showToast({
          title: options.title,
          icon: 'loading',
          duration: Number.POSITIVE_INFINITY,
        })
        return {}
      }),
    hideLoading: (options) => call('hideLoading', options, hide),
    showModal: (options) => call('showModal', options, () => askModal(stage, options)),
    showActionSheet: (options) =>
      call('showActionSheet', options, () => askActionSheet(stage, options)),
  }
}

async function askModal(stage: Stage, options: ModalOptions): Promise<Omit<ModalResult, 'errMsg'>> {
  const { title = '', content = '', showCancel = true } = options
  const { cancelText = '取消', confirmText = '确定' } = options
  for (const [name, text] of Object.entries({ cancelText, confirmText })) {
    if ([...text].length > longestButton) {
      throw new ApiError(`${name} length should not be larger than ${longestButton} characters`)
    }
  }
  const confirm = await stage.showModal({ title, content, showCancel, cancelText, confirmText })
  return { confirm, cancel: !confirm }
}

async function askActionSheet(
  stage: Stage,
  { itemList }: ActionSheetOptions,
): Promise<{ tapIndex: number }> {
  if (!Array.isArray(itemList) || itemList.length === 0 || itemList.length > mostItems) {
    throw new ApiError(`parameter error: itemList should have 1 to ${mostItems} items`)
  }
  const tapIndex = await stage.showActionSheet(itemList)
  if (tapIndex < 0) throw new ApiError('cancel')
  return { tapIndex }
}
