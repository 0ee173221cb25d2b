import type { Theme } from '@mianmi/wechat-sandbox/wx'
import { createCallLog } from './call-log/call-log.ts'
import { createWechatCallPoller } from './call-log/wechat-call-poller.ts'
import { byId, element } from './element.ts'
import { setUpAppSelector } from './panel/app-selector.ts'
import { setUpDemoAccount } from './panel/demo-account.ts'
import { setUpFaultSelector } from './panel/fault-selector.ts'
import { setUpGuide } from './panel/guide.ts'
import { setUpPermissions } from './panel/permissions.ts'
import { setUpPersonSelector } from './panel/person-selector.ts'
import { setUpToggle } from './panel/toggle-switch.ts'
import { setUpCapsule } from './phone/capsule.ts'
import { createNetwork, type Network } from './phone/network.ts'
import { createPhone, type PhoneHolder } from './phone/phone.ts'
import { createSheets } from './phone/sheet.ts'
import { showPhone } from './phone/show-phone.ts'
import { setUpStatusBar } from './phone/status-bar.ts'
import { loadConfig, type PlaygroundConfig } from './playground-config.ts'
import { createSandboxControls } from './sandbox-controls.ts'
import { onLanguage, setUpLanguage, t } from './text/language.ts'

const themeKey = 'playground:theme'

function firstTheme(): Theme {
  const stored = localStorage.getItem(themeKey)
  if (stored === 'light' || stored === 'dark') return stored
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

function open(config: PlaygroundConfig): void {
  let theme = firstTheme()
  let refusesNicknames = false
  const sandbox = createSandboxControls()
  const callLog = createCallLog()
  const wechatCalls = createWechatCallPoller(sandbox.calls, callLog.wechatCall)
  void wechatCalls.pull()
  const network = createNetwork({
    builtServiceUrl: config.builtServiceUrl,
    origin: location.origin,
  })
  const sheets = createSheets(document.querySelector<HTMLElement>('.phone') ?? document.body)
  const statusBar = setUpStatusBar(network.isOnline)
  const phone = createPhone({
    config,
    network,
    sheets,
    theme: () => theme,
    refusesNicknames: () => refusesNicknames,
    numberOf: sandbox.numberOf,
    onLaunch(person) {
      callLog.launched(person)
      permissions.update()
    },
    onCall(record) {
      callLog.record(record)
      permissions.update()
      if (callLog.isSignedIn()) guide.done('bind')
      if (record.api === 'request') void wechatCalls.pull()
    },
  })

  setUpCapsule(phone, sheets)
  const permissions = setUpPermissions(phone.holder)
  setUpNetwork(network, statusBar.update)
  const isDark = (): boolean => theme === 'dark'
  setUpToggle('theme-phone', isDark, (dark) => {
    theme = dark ? 'dark' : 'light'
    localStorage.setItem(themeKey, theme)
    phone.applyTheme()
  })
  setUpToggle(
    'refuse-nicknames',
    () => refusesNicknames,
    (isOn) => {
      refusesNicknames = isOn
    },
  )
  const guide = setUpGuide(config.demo !== null)
  byId('relaunch').addEventListener('click', () => {
    if (callLog.isSignedIn()) guide.done('relaunch')
    void phone.relaunch()
    showPhone()
  })
  byId('clear-storage').addEventListener('click', () => {
    phone.clearStorage()
    void phone.relaunch()
    showPhone()
  })
  setUpDemoAccount(config.demo)
  void setUpFaultSelector(sandbox, () => guide.done('fault'))
  network.watch(() => guide.done('fault'))
  onLanguage(() => {
    const shown = { service: hostOf(config.serviceUrl), sandbox: hostOf(config.sandboxUrl) }
    byId('addresses').textContent = t('addresses', shown)
  })
  const handTo = (next: Partial<PhoneHolder>): void => {
    void phone.handTo(next)
    showPhone()
  }
  const appId = setUpAppSelector(config, (next) => handTo({ appId: next }))
  const person = setUpPersonSelector((next) => handTo({ person: next }))
  void phone.handTo({ appId, person })
}

function setUpNetwork(network: Network, onChange: () => void): void {
  setUpToggle('network', network.isOnline, network.setOnline)
  setUpToggle('network-slow', network.isSlow, network.setSlow)
  network.watch(onChange)
  byId('expire-token').addEventListener('click', () => {
    network.expireTokens()
    const note = byId('device-note')
    note.dataset['t'] = 'device.expired'
    note.textContent = t('device.expired')
  })
}

const hostOf = (url: string): string => new URL(url).host

setUpLanguage(byId<HTMLButtonElement>('language'))
loadConfig().then(open, (error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error)
  document
    .querySelector('main')
    ?.replaceChildren(
      element('p', { class: 'broken', role: 'alert' }, [t('page.failed', { reason })]),
    )
})
