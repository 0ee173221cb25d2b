import type { OnCall } from '../api-call.ts'
import { ApiError, errno, runApi } from '../api-call.ts'
import type { ScreenHost } from '../screen/screen-host.ts'
import type { Permissions } from './permissions.ts'
import type { Privacy } from './privacy.ts'
import {
  alwaysGranted,
  isScope,
  labelOf,
  needsDescription,
  popupTitleOf,
  type Scope,
  settingsOnlyScope,
} from './scope.ts'

export type AuthSetting = Record<string, boolean>

export interface Authorizer {
  /** Asks if nobody has asked yet; rejects with `auth deny` where the answer was no. */
  require(scope: string): Promise<void>
  settings(): AuthSetting
  /** Shows the settings, which list only what was asked for before. */
  openSettings(): Promise<AuthSetting>
}

interface AuthorizerDependencies {
  screen: ScreenHost
  permissions: Permissions
  privacy: Privacy
  onCall: OnCall | undefined
}

/** https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/authorize.html */
export function createAuthorizer({
  screen,
  permissions,
  privacy,
  onCall,
}: AuthorizerDependencies): Authorizer {
  let last: Promise<unknown> = Promise.resolve()

  const settings = (): AuthSetting => ({
    ...alwaysGranted,
    ...Object.fromEntries(
      permissions.requestedScopes().map((scope) => [scope, permissions.scope(scope) === true]),
    ),
  })

  async function ask(scope: Scope): Promise<void> {
    if (permissions.scope(scope) === undefined) {
      permissions.setScope(scope, scope !== settingsOnlyScope && (await showPopup(scope)))
    }
    if (!permissions.scope(scope)) throw new ApiError('auth deny', errno.denied)
  }

  async function showPopup(scope: Scope): Promise<boolean> {
    const detail = screen.manifest?.permission?.[scope]?.desc ?? ''
    const dialog = { title: popupTitleOf(scope), detail }
    const popup = { api: 'scopeDialog', options: {}, input: { scope, ...dialog }, onCall }
    const shown = await runApi(popup, async () => ({
      granted: await screen.showScopeDialog(dialog),
    }))
    return shown.ok && shown.value.granted
  }

  return {
    async require(scope) {
      if (alwaysGranted[scope]) return
      if (scope === 'scope.userInfo') throw new ApiError('auth deny', errno.denied)
      if (!isScope(scope)) throw new ApiError('invalid scope')
      const { manifest } = screen
      if (manifest && needsDescription.includes(scope) && !manifest.permission?.[scope]?.desc) {
        throw new ApiError('require permission desc')
      }
      await privacy.require(scope)
      // Parallel calls for one scope share one popup: each looks again when its turn comes.
      const turn = last.then(() => ask(scope))
      last = turn.catch(() => undefined)
      return turn
    },
    settings,
    async openSettings() {
      const items = permissions.requestedScopes().map((scope) => ({
        scope,
        label: labelOf(scope),
        granted: permissions.scope(scope) === true,
      }))
      const chosen = await screen.showSettings(items)
      for (const { scope, granted } of items) {
        permissions.setScope(scope, chosen[scope] ?? granted)
      }
      return settings()
    },
  }
}
