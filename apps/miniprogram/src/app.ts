import './session/privacy.ts'
import { session } from './session/session.ts'
import { retrySignIn } from './session/sign-in-retry.ts'

const signInRetry = retrySignIn()

App({
  onLaunch() {
    // The result, also of a failure, is the session's state, to which the pages subscribe.
    session.launch()
  },
  onShow() {
    signInRetry.shown()
  },
})
