import type { OnCall } from '../api-call.ts'
import { ApiError, callSafely, errno, runApi } from '../api-call.ts'
import type { ScreenHost } from '../screen/screen-host.ts'
import type { Permissions } from './permissions.ts'

export type PrivacyDecision =
  | { event: 'exposureAuthorization' }
  | { event: 'agree'; buttonId: string }
  | { event: 'disagree' }

/** Called by WeChat when something personal is touched before the person has agreed. */
export type PrivacyListener = (
  resolve: (decision: PrivacyDecision) => void,
  info: { referrer: string },
) => void

export interface Privacy {
  /** Settles when `referrer`, an API or a component, may go on; errno 104 or 112 where it may not. */
  require(referrer: string): Promise<void>
  needsConsent(): boolean
  /** The last registration wins. */
  setListener(listener: PrivacyListener): void
  /** That `open-type="agreePrivacyAuthorization"` button was tapped. */
  agreeButtonTapped(buttonId: string): void
}

export interface PrivacyOptions {
  /** What the console's privacy guide does not declare: APIs, scopes and components by name. */
  undeclared?: readonly string[] | undefined
  /** The contract's name. */
  contractName?: string | undefined
}

interface PrivacyDependencies {
  screen: ScreenHost
  permissions: Permissions
  options: PrivacyOptions
  onCall: OnCall | undefined
}

export const defaultContract = '《小程序用户隐私保护指引》'
/** Milliseconds in which nobody is asked again after a refusal. */
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

  /** Of a mini program that does not listen WeChat asks the person itself. */
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
