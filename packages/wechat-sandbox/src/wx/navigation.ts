import type { Answer, Call, Callbacks, Result } from './call.ts'
import { ApiError } from './call.ts'
import type { Stage } from './stage/stage.ts'

export interface UrlOptions extends Callbacks {
  url: string
}

export interface BackOptions extends Callbacks {
  delta?: number | undefined
}

export interface TitleOptions extends Callbacks {
  title: string
}

export interface NavigationApi {
  navigateTo<O extends UrlOptions>(options: O): Answer<O, Result>
  redirectTo<O extends UrlOptions>(options: O): Answer<O, Result>
  switchTab<O extends UrlOptions>(options: O): Answer<O, Result>
  reLaunch<O extends UrlOptions>(options: O): Answer<O, Result>
  navigateBack<O extends BackOptions>(options?: O): Answer<O, Result>
  setNavigationBarTitle<O extends TitleOptions>(options: O): Answer<O, Result>
  stopPullDownRefresh<O extends Callbacks>(options?: O): Answer<O, Result>
}

export function createNavigation(call: Call, stage: Stage): NavigationApi {
  type UrlApi = 'navigateTo' | 'redirectTo' | 'switchTab' | 'reLaunch'
  const open =
    (api: UrlApi) =>
    <O extends UrlOptions>(options: O): Answer<O, Result> =>
      call(api, options, async () => {
        if (typeof options?.url !== 'string' || options.url === '') {
          throw new ApiError('parameter error: parameter.url should be a String that is not empty')
        }
        await stage[api](options.url)
        return {}
      })
  return {
    navigateTo: open('navigateTo'),
    redirectTo: open('redirectTo'),
    switchTab: open('switchTab'),
    reLaunch: open('reLaunch'),
    navigateBack: (options) =>
      call('navigateBack', options, async () => {
        await stage.navigateBack(options?.delta ?? 1)
        return {}
      }),
    setNavigationBarTitle: (options) =>
      call('setNavigationBarTitle', options, () => {
        stage.setNavigationBarTitle(options.title)
        return {}
      }),
    stopPullDownRefresh: (options) =>
      call('stopPullDownRefresh', options, () => {
        stage.stopPullDownRefresh()
        return {}
      }),
  }
}
