import type { OnCall } from '../call.ts'
import { ApiError, errno, settle } from '../call.ts'
import type { Stage } from '../stage/stage.ts'
import type { Permissions } from './permissions.ts'
import type { Privacy } from './privacy.ts'
import {
  alwaysGranted,
  isScope,
  labelOf,
  needsReason,
  type Scope,
  settingsOnly,
  wishOf,
} from './scope.ts'

export type AuthSetting = Record<string, boolean>

export interface Authorizer {
  /** Asks if nobody has asked yet; rejects with `auth deny` where the answer was no. */
  require(scope: string): Promise<void>
  settings(): AuthSetting
  /** Shows the settings, which list only what was asked for before. */
  openSettings(): Promise<AuthSetting>
}

interface Parts {
  stage: Stage
  permissions: Permissions
  privacy: Privacy
  onCall: OnCall | undefined
}

/** https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/authorize.html */
export function createAuthorizer({ stage, permissions, privacy, onCall }: Parts): Authorizer {
  let last: Promise<unknown> = Promise.resolve()

  const settings = (): AuthSetting => ({
    ...alwaysGranted,
    ...Object.fromEntries(
      permissions.asked().map((scope) => [scope, permissions.scope(scope) === true]),
    ),
  })

  async function ask(scope: Scope): Promise<void> {
    if (permissions.scope(scope) === undefined) {
      permissions.setScope(scope, scope !== settingsOnly && (await showPopup(scope)))
    }
    if (!permissions.scope(scope)) throw new ApiError('auth deny', errno.denied)
  }

  async function showPopup(scope: Scope): Promise<boolean> {
    const detail = stage.manifest?.permission?.[scope]?.desc ?? ''
    const dialog = { title: wishOf(scope), detail }
    const popup = { api: 'scopeDialog', options: {}, input: { scope, ...dialog }, onCall }
    const shown = await settle(popup, async () => ({
      granted: await stage.showScopeDialog(dialog),
    }))
    return shown.ok && shown.value.granted
  }

  return {
    async require(scope) {
      if (alwaysGranted[scope]) return
      if (scope === 'scope.userInfo') throw new ApiError('auth deny', errno.denied)
      if (!isScope(scope)) throw new ApiError('invalid scope')
      const { manifest } = stage
      if (manifest && needsReason.includes(scope) && !manifest.permission?.[scope]?.desc) {
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
      const items = permissions.asked().map((scope) => ({
        scope,
        label: labelOf(scope),
        granted: permissions.scope(scope) === true,
      }))
      const chosen = await stage.showSettings(items)
      for (const { scope, granted } of items) {
        permissions.setScope(scope, chosen[scope] ?? granted)
      }
      return settings()
    },
  }
}
