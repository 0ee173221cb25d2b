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

/** Options of `wx.authorize`. */
export interface AuthorizeOptions extends ApiCallbacks {
  /** Such as `scope.record`. */
  scope: string
}

/** Result of `wx.getSetting` and `wx.openSetting`. */
export interface SettingResult extends ApiResult {
  /** Only scopes with a decision, and the withdrawn ones. */
  authSetting: AuthSetting
}

/** Result of `wx.getPrivacySetting`. */
export interface PrivacySettingResult extends ApiResult {
  /** Whether the user has not agreed yet. */
  needAuthorization: boolean
  /** The contract's name. */
  privacyContractName: string
}

/** Scopes and privacy consent. */
export interface PermissionApi {
  /** Shows the popup once; after a refusal it fails at once with `auth deny` (103). */
  authorize<O extends AuthorizeOptions>(options: O): ApiReturn<O, ApiResult>
  /** The decisions on scopes so far. */
  getSetting<O extends ApiCallbacks<SettingResult>>(options?: O): ApiReturn<O, SettingResult>
  /** Works only while the handler of a tap runs; an `await` before the call ends the tap. */
  openSetting<O extends ApiCallbacks<SettingResult>>(options?: O): ApiReturn<O, SettingResult>
  /** Whether privacy consent is still needed, and the name of the contract. */
  getPrivacySetting<O extends ApiCallbacks<PrivacySettingResult>>(
    options?: O,
  ): ApiReturn<O, PrivacySettingResult>
  /** Registers the listener that asks for consent; the last registration wins. */
  onNeedPrivacyAuthorization(listener: PrivacyListener): void
  /** Succeeds when the user has given privacy consent; fails with 104 after a refusal. */
  requirePrivacyAuthorize<O extends ApiCallbacks>(options?: O): ApiReturn<O, ApiResult>
  /** Opens the contract. */
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
      // Read synchronously: after an await the tap is over.
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
        // The call succeeds when the page is open, not when it is closed.
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
