import type { ApiCallbacks, ApiResult, ApiReturn, CallApi } from '../api-call.ts'
import { ApiError } from '../api-call.ts'
import type { ScreenHost } from '../screen/screen-host.ts'
import type { Authorizer, AuthSetting } from './authorize.ts'
import {
  defaultContract,
  type Privacy,
  type PrivacyListener,
  type PrivacyOptions,
} from './privacy.ts'

export interface AuthorizeOptions extends ApiCallbacks {
  scope: string
}

export interface SettingResult extends ApiResult {
  authSetting: AuthSetting
}

export interface PrivacySettingResult extends ApiResult {
  needAuthorization: boolean
  privacyContractName: string
}

export interface PermissionApi {
  /** A popup once; after a refusal it fails at once with `auth deny`. */
  authorize<O extends AuthorizeOptions>(options: O): ApiReturn<O, ApiResult>
  getSetting<O extends ApiCallbacks<SettingResult>>(options?: O): ApiReturn<O, SettingResult>
  /** Only while the handler of a tap runs: an `await` before it loses the tap. */
  openSetting<O extends ApiCallbacks<SettingResult>>(options?: O): ApiReturn<O, SettingResult>
  getPrivacySetting<O extends ApiCallbacks<PrivacySettingResult>>(
    options?: O,
  ): ApiReturn<O, PrivacySettingResult>
  onNeedPrivacyAuthorization(listener: PrivacyListener): void
  requirePrivacyAuthorize<O extends ApiCallbacks>(options?: O): ApiReturn<O, ApiResult>
  openPrivacyContract<O extends ApiCallbacks>(options?: O): ApiReturn<O, ApiResult>
}

interface PermissionApiDependencies {
  callApi: CallApi
  screen: ScreenHost
  authorizer: Authorizer
  privacy: Privacy
  options: PrivacyOptions
}

export function createPermissionApi(dependencies: PermissionApiDependencies): PermissionApi {
  const { callApi, screen, authorizer, privacy } = dependencies
  const contract = dependencies.options.contractName ?? defaultContract
  return {
    authorize: (options) =>
      callApi('authorize', options, async () => {
        await authorizer.require(options?.scope)
        return {}
      }),
    getSetting: (options) =>
      callApi('getSetting', options, () => ({ authSetting: authorizer.settings() })),
    openSetting(options) {
      // Read before anything is awaited: afterwards no tap is under way any more.
      const isInTap = screen.isTapping?.() ?? true
      return callApi('openSetting', options, async () => {
        if (!isInTap) throw new ApiError('can only be invoked by user TAP gesture.')
        return { authSetting: await authorizer.openSettings() }
      })
    },
    getPrivacySetting: (options) =>
      callApi('getPrivacySetting', options, () => ({
        needAuthorization: privacy.needsConsent(),
        privacyContractName: contract,
      })),
    onNeedPrivacyAuthorization: privacy.setListener,
    requirePrivacyAuthorize: (options) =>
      callApi('requirePrivacyAuthorize', options, async () => {
        await privacy.require('requirePrivacyAuthorize')
        return {}
      }),
    openPrivacyContract: (options) =>
      callApi('openPrivacyContract', options, () => {
        // The call ends when the page is open, not when it is closed.
        void screen.showModal({
          title: contract,
          content: '这里会显示开发者在小程序后台填写的隐私保护指引。',
          showCancel: false,
          cancelText: '取消',
          confirmText: '知道了',
        })
        return {}
      }),
  }
}
