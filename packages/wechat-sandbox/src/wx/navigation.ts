import type { ApiCallbacks, ApiResult, ApiReturn, CallApi } from './api-call.ts'
import { ApiError } from './api-call.ts'
import type { ScreenHost } from './screen/screen-host.ts'

export interface UrlOptions extends ApiCallbacks {
  url: string
}

export interface BackOptions extends ApiCallbacks {
  delta?: number | undefined
}

export interface TitleOptions extends ApiCallbacks {
  title: string
}

export interface NavigationApi {
  navigateTo<O extends UrlOptions>(options: O): ApiReturn<O, ApiResult>
  redirectTo<O extends UrlOptions>(options: O): ApiReturn<O, ApiResult>
  switchTab<O extends UrlOptions>(options: O): ApiReturn<O, ApiResult>
  reLaunch<O extends UrlOptions>(options: O): ApiReturn<O, ApiResult>
  navigateBack<O extends BackOptions>(options?: O): ApiReturn<O, ApiResult>
  setNavigationBarTitle<O extends TitleOptions>(options: O): ApiReturn<O, ApiResult>
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
