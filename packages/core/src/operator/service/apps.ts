import { Failure } from '../../failure.ts'
import type { Desk } from '../desk.ts'
import type { DeskPorts } from '../desk-ports.ts'

/** The configured apps, and the configuration. */
export function serviceDesk(ports: DeskPorts): Pick<Desk, 'listApps' | 'testApp' | 'settings'> {
  return {
    listApps: () => ports.statistics.apps(ports.now()),
    async testApp(_by, appId) {
      if (!ports.appIds.includes(appId)) throw new Failure('app_unknown')
      return ports.appTester.test(appId)
    },
    settings: async () => ports.settings(),
  }
}
