import type { OnCall } from '../api-call.ts'
import { ApiError, callSafely, errno, runApi } from '../api-call.ts'
import type { ScreenHost } from '../screen/screen-host.ts'
import type { Permissions } from './permissions.ts'

/** What a mini program passes to `resolve` of `wx.onNeedPrivacyAuthorization`. */
export type PrivacyDecision =
  | { event: 'exposureAuthorization' }
  | { event: 'agree'; buttonId: string }
  | { event: 'disagree' }

/** Called when an API or component needs privacy consent that the user has not given. */
export type PrivacyListener = (
  resolve: (decision: PrivacyDecision) => void,
  info: { referrer: string },
) => void

/** The consent to the privacy contract. */
export interface Privacy {
  /**
   * Resolves when `referrer`, an API or a component, may continue.
   *
   * @throws ApiError 104 without consent, 112 where the privacy guide does not declare `referrer`
   */
  require(referrer: string): Promise<void>
  /** Whether the user has not agreed yet. */
  needsConsent(): boolean
  /** Sets the listener that asks for consent; the last registration wins. */
  setListener(listener: PrivacyListener): void
  /** Records a tap on a button with `open-type="agreePrivacyAuthorization"`. */
  agreeButtonTapped(buttonId: string): void
}

/** The privacy contract of the mini program. */
export interface PrivacyOptions {
  /** Names of APIs, scopes and components that the privacy guide does not declare; they fail with 112. */
  undeclared?: readonly string[] | undefined
  /** The contract's name; default: 《小程序用户隐私保护指引》. */
  contractName?: string | undefined
}

interface PrivacyDependencies {
  screen: ScreenHost
  permissions: Permissions
  options: PrivacyOptions
  onCall: OnCall | undefined
}

/** The name of a contract that sets none. */
export const defaultContract = '《小程序用户隐私保护指引》'
/** Milliseconds after a refusal in which calls fail without asking again. */
const refusalDuration = 10_000

/** https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html */
export function createPrivacy({
  screen,
  permissions,
  options,
  onCall,
}: PrivacyDependencies): Privacy {
  const tappedButtons = new Set<string>()
  let listener: PrivacyListener | undefined
  let refusedAt: number | undefined

  const notAgreed = (): ApiError =>
    new ApiError('privacy permission is not authorized', errno.privacyNotAgreed)

  /** Without a listener of the mini program, WeChat shows its own dialog. */
  async function askWithOfficialDialog(): Promise<boolean> {
    const contract = options.contractName ?? defaultContract
    return screen.showScopeDialog({
      title: '用户隐私保护提示',
      detail: `使用前请阅读并同意${contract}。`,
    })
  }

  function askListener(listen: PrivacyListener, referrer: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const decide = (decision: PrivacyDecision): void => {
        if (decision.event === 'disagree') resolve(false)
        if (decision.event !== 'agree') return
        if (tappedButtons.has(decision.buttonId)) resolve(true)
        else reject(notAgreed())
      }
      callSafely(() => listen(decide, { referrer }), undefined)
    })
  }

  return {
    async require(referrer) {
      if (options.undeclared?.includes(referrer)) {
        throw new ApiError(
          'api scope is not declared in the privacy agreement',
          errno.privacyUndeclared,
        )
      }
      if (permissions.privacy()) return
      if (refusedAt !== undefined && Date.now() - refusedAt < refusalDuration) throw notAgreed()
      const consentCall = { api: 'privacyConsent', options: {}, input: { referrer }, onCall }
      const answer = await runApi(consentCall, async () => ({
        agreed: await (listener ? askListener(listener, referrer) : askWithOfficialDialog()),
      }))
      if (!answer.ok) throw notAgreed()
      if (answer.value.agreed) return permissions.setPrivacy(true)
      refusedAt = Date.now()
      throw notAgreed()
    },
    needsConsent: () => !permissions.privacy(),
    setListener(next) {
      listener = next
    },
    agreeButtonTapped(buttonId) {
      tappedButtons.add(buttonId)
      refusedAt = undefined
      permissions.setPrivacy(true)
    },
  }
}
