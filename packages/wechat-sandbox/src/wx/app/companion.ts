import type { OnCall } from '../call.ts'
import { settle } from '../call.ts'
import type { Authorizer } from '../permission/authorize.ts'
import type { Privacy } from '../permission/privacy.ts'
import type { Stage } from '../stage/stage.ts'
import type { Foreground } from './foreground.ts'

interface Parts {
  stage: Stage
  foreground: Foreground
  privacy: Privacy
  authorizer: Authorizer
  onCall: OnCall | undefined
}

/** Gives the stage its end of the line. What WeChat's own components ask is told to `onCall` too. */
export function connect({ stage, foreground, privacy, authorizer, onCall }: Parts): void {
  stage.connect?.({
    appHidden: foreground.hide,
    appShown: foreground.show,
    privacyAgreed(buttonId) {
      privacy.buttonTapped(buttonId)
      void settle({ api: 'agreePrivacyAuthorization', options: {}, onCall }, () => ({ buttonId }))
    },
    async requirePrivacy(component) {
      if (!privacy.needsConsent()) return privacy.require(component)
      const consent = privacy.require(component)
      void settle({ api: component, options: {}, onCall }, () => consent.then(() => ({})))
      return consent
    },
    openSettings: authorizer.openSettings,
  })
}
