import { Failure } from '../../failure.ts'
import type { Desk } from '../desk.ts'
import type { DeskPorts } from '../desk-ports.ts'

/** The configured apps, and the configuration. */
export function serviceDesk(ports: DeskPorts): Pick<Desk, 'listApps' | 'testApp' | 'settings'> {
  return {
    async listApps() {
      const known = await ports.statistics.apps(ports.now())
      return ports.appIds.map(
        (appId) =>
          known.find((app) => app.appId === appId) ?? {
            appId,
            identities: 0,
            signInsToday: 0,
            lastSignInAt: null,
          },
      )
    },
    async testApp(_by, appId) {
      if (!ports.appIds.includes(appId)) throw new Failure('app_unknown')
      return ports.appTester.test(appId)
    },
    settings: async () => ports.settings(),
  }
}
