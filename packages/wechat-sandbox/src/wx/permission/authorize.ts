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

/** Scope → whether it is granted, as `wx.getSetting` returns it. */
export type AuthSetting = Record<string, boolean>

/** Asks the user for scopes and reads the decisions. */
export interface Authorizer {
  /**
   * Resolves when the scope is granted; shows the popup where the user has not decided yet.
   *
   * @throws ApiError `auth deny` (103) after a refusal
   */
  require(scope: string): Promise<void>
  /** The decisions so far, as `wx.getSetting` returns them. */
  settings(): AuthSetting
  /** Opens the settings page, which lists only scopes that were requested before. */
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
      // Popups are shown one at a time. A queued call reads the decision again, so parallel calls
      // for one scope share one popup.
      const queued = last.then(() => ask(scope))
      last = queued.catch(() => undefined)
      return queued
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
