import { Failure } from '../../failure.ts'
import type { AdminService } from '../admin.ts'
import type { AdminPorts } from '../admin-ports.ts'
import type { NamedApp } from './app-tester.ts'

type AppsPorts = Pick<AdminPorts, 'statistics' | 'appTester' | 'appIds' | 'settings' | 'now'>

/** The configured apps in the order of the configuration. */
export const namedApps = ({
  appIds,
  appNames,
}: Pick<AdminPorts, 'appIds' | 'appNames'>): readonly NamedApp[] =>
  appIds.map((appId) => ({ appId, name: appNames.get(appId) ?? null }))

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
