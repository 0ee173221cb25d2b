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

/** Gives the stage its end of the line. */
export function connect({ stage, foreground, privacy, authorizer, onCall }: Parts): void {
  stage.connect?.({
    appHidden: foreground.hide,
    appShown: foreground.show,
    privacyAgreed(buttonId) {
      privacy.buttonTapped(buttonId)
      void settle({ api: 'agreePrivacyAuthorization', options: {}, onCall }, () => ({ buttonId }))
    },
    requirePrivacy: privacy.require,
    openSettings: authorizer.openSettings,
  })
}
