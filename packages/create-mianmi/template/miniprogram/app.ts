import { session } from './session.ts'

App({
  onLaunch() {
    void session.launch()
  },
})
