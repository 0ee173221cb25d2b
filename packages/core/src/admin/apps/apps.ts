import { Failure } from '../../failure.ts'
import type { AdminService } from '../admin.ts'
import type { AdminPorts } from '../admin-ports.ts'

type AppsPorts = Pick<AdminPorts, 'statistics' | 'appTester' | 'appIds' | 'settings' | 'now'>

/** The configured apps and the settings of the service. */
export function manageApps(
  ports: AppsPorts,
): Pick<AdminService, 'listApps' | 'testApp' | 'settings'> {
  return {
    listApps: () => ports.statistics.apps(ports.now()),
    async testApp(_actor, appId) {
      if (!ports.appIds.includes(appId)) throw new Failure('app_unknown')
      return ports.appTester.test(appId)
    },
    settings: async () => ports.settings(),
  }
}
