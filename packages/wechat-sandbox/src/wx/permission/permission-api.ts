import type { Answer, Call, Callbacks, Result } from '../call.ts'
import { ApiError } from '../call.ts'
import type { Stage } from '../stage/stage.ts'
import type { Authorizer, AuthSetting } from './authorize.ts'
import {
  defaultContract,
  type Privacy,
  type PrivacyListener,
  type PrivacyOptions,
} from './privacy.ts'

export interface AuthorizeOptions extends Callbacks {
  scope: string
}

export interface SettingResult extends Result {
  authSetting: AuthSetting
}

export interface PrivacySettingResult extends Result {
  needAuthorization: boolean
  privacyContractName: string
}

export interface PermissionApi {
  /** A popup once; after a refusal it fails at once with `auth deny`. */
  authorize<O extends AuthorizeOptions>(options: O): Answer<O, Result>
  getSetting<O extends Callbacks<SettingResult>>(options?: O): Answer<O, SettingResult>
  /** Only while the handler of a tap runs: an `await` before it loses the tap. */
  openSetting<O extends Callbacks<SettingResult>>(options?: O): Answer<O, SettingResult>
  getPrivacySetting<O extends Callbacks<PrivacySettingResult>>(
    options?: O,
  ): Answer<O, PrivacySettingResult>
  onNeedPrivacyAuthorization(listener: PrivacyListener): void
  requirePrivacyAuthorize<O extends Callbacks>(options?: O): Answer<O, Result>
  openPrivacyContract<O extends Callbacks>(options?: O): Answer<O, Result>
}

interface Parts {
  call: Call
  stage: Stage
  authorizer: Authorizer
  privacy: Privacy
  options: PrivacyOptions
}

export function createPermissionApi(parts: Parts): PermissionApi {
  const { call, stage, authorizer, privacy } = parts
  const contract = parts.options.contractName ?? defaultContract
  return {
    authorize: (options) =>
      call('authorize', options, async () => {
        await authorizer.require(options?.scope)
        return {}
      }),
    getSetting: (options) =>
      call('getSetting', options, () => ({ authSetting: authorizer.settings() })),
    openSetting(options) {
      // Read before anything is awaited: afterwards no tap is under way any more.
      const isInTap = stage.isTapping?.() ?? true
      return call('openSetting', options, async () => {
        if (!isInTap) throw new ApiError('can only be invoked by user TAP gesture.')
        return { authSetting: await authorizer.openSettings() }
      })
    },
    getPrivacySetting: (options) =>
      call('getPrivacySetting', options, () => ({
        needAuthorization: privacy.needsConsent(),
        privacyContractName: contract,
      })),
    onNeedPrivacyAuthorization: privacy.listen,
    requirePrivacyAuthorize: (options) =>
      call('requirePrivacyAuthorize', options, async () => {
        await privacy.require('requirePrivacyAuthorize')
        return {}
      }),
    openPrivacyContract: (options) =>
      call('openPrivacyContract', options, () => {
        // The call ends when the page is open, not when it is closed.
        void stage.showModal({
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
