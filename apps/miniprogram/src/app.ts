import './session/privacy.ts'
import { session } from './session/session.ts'

App({
  onLaunch() {
    // The result, also of a failure, is the session's state, to which the pages subscribe.
    session.launch()
  },
})
