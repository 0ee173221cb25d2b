import type { ApiCallbacks, ApiResult, ApiReturn, CallApi } from './api-call.ts'
import { ApiError } from './api-call.ts'
import type { ScreenHost } from './screen/screen-host.ts'

/** Options of the APIs that open a page. */
export interface UrlOptions extends ApiCallbacks {
  /** Path and query; a path without a leading slash is relative to the current page. */
  url: string
}

/** Options of `wx.navigateBack`. */
export interface BackOptions extends ApiCallbacks {
  /** How many pages to close; default: 1. */
  delta?: number | undefined
}

/** Options of `wx.setNavigationBarTitle`. */
export interface TitleOptions extends ApiCallbacks {
  /** The title. */
  title: string
}

/** Page navigation; a refusal of the screen host fails the API with its reason. */
export interface NavigationApi {
  /** Opens a page above the current one. */
  navigateTo<O extends UrlOptions>(options: O): ApiReturn<O, ApiResult>
  /** Replaces the current page. */
  redirectTo<O extends UrlOptions>(options: O): ApiReturn<O, ApiResult>
  /** Opens a page of the tab bar and closes all others. */
  switchTab<O extends UrlOptions>(options: O): ApiReturn<O, ApiResult>
  /** Closes all pages and opens one. */
  reLaunch<O extends UrlOptions>(options: O): ApiReturn<O, ApiResult>
  /** Closes pages, but not the first one. */
  navigateBack<O extends BackOptions>(options?: O): ApiReturn<O, ApiResult>
  /** Sets the title of the current page. */
  setNavigationBarTitle<O extends TitleOptions>(options: O): ApiReturn<O, ApiResult>
  /** Ends the pull-down refresh of the current page. */
  stopPullDownRefresh<O extends ApiCallbacks>(options?: O): ApiReturn<O, ApiResult>
}

export function createNavigationApi(callApi: CallApi, screen: ScreenHost): NavigationApi {
  type UrlApi = 'navigateTo' | 'redirectTo' | 'switchTab' | 'reLaunch'
  const open =
    (api: UrlApi) =>
    <O extends UrlOptions>(options: O): ApiReturn<O, ApiResult> =>
      callApi(api, options, async () => {
        if (typeof options?.url !== 'string' || options.url === '') {
          throw new ApiError('parameter error: parameter.url should be a String that is not empty')
        }
        await screen[api](options.url)
        return {}
      })
  return {
    navigateTo: open('navigateTo'),
    redirectTo: open('redirectTo'),
    switchTab: open('switchTab'),
    reLaunch: open('reLaunch'),
    navigateBack: (options) =>
      callApi('navigateBack', options, async () => {
        await screen.navigateBack(options?.delta ?? 1)
        return {}
      }),
    setNavigationBarTitle: (options) =>
      callApi('setNavigationBarTitle', options, () => {
        screen.setNavigationBarTitle(options.title)
        return {}
      }),
    stopPullDownRefresh: (options) =>
      callApi('stopPullDownRefresh', options, () => {
        screen.stopPullDownRefresh()
        return {}
      }),
  }
}
