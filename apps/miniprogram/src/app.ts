import './session/privacy.ts'
import { session } from './session/session.ts'

App({
  onLaunch() {
    // The outcome is the session's state, which the pages watch; a failure is a state too.
    session.launch()
  },
})
