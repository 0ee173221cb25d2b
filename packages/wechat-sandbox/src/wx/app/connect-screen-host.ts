import type { OnCall } from '../api-call.ts'
import { runApi } from '../api-call.ts'
import type { Authorizer } from '../permission/authorize.ts'
import type { Privacy } from '../permission/privacy.ts'
import type { ScreenHost } from '../screen/screen-host.ts'
import type { Foreground } from './foreground.ts'

interface ScreenHostConnection {
  screen: ScreenHost
  foreground: Foreground
  privacy: Privacy
  authorizer: Authorizer
  onCall: OnCall | undefined
}

/** Registers the callbacks through which the screen host reaches this `wx`. */
export function connectScreenHost({
  screen,
  foreground,
  privacy,
  authorizer,
  onCall,
}: ScreenHostConnection): void {
  screen.connect?.({
    appHidden: foreground.hide,
    appShown: foreground.show,
    privacyAgreed(buttonId) {
      privacy.agreeButtonTapped(buttonId)
      void runApi({ api: 'agreePrivacyAuthorization', options: {}, onCall }, () => ({ buttonId }))
    },
    requirePrivacy: privacy.require,
    openSettings: authorizer.openSettings,
  })
}
