import type { Theme } from '@mianmi/wechat-sandbox/wx'
import { type Config, loadConfig } from './config.ts'
import { byId, element } from './element.ts'
import { setUpApps } from './panel/apps.ts'
import { setUpDemo } from './panel/demo.ts'
import { setUpMood } from './panel/mood.ts'
import { setUpPeople } from './panel/people.ts'
import { setUpPermissions } from './panel/permissions.ts'
import { setUpSwitch } from './panel/switch.ts'
import { setUpCapsule } from './phone/capsule.ts'
import { createNetwork, type Network } from './phone/network.ts'
import { createPhone } from './phone/phone.ts'
import { createSheets } from './phone/sheet.ts'
import { setUpStatusBar } from './phone/status-bar.ts'
import { onLanguage, setUpLanguage, t } from './text/language.ts'
import { createWechatSandbox } from './wechat-sandbox.ts'
import { createWechatCalls } from './wire/wechat-calls.ts'
import { createWire } from './wire/wire.ts'

const themeKey = 'playground:theme'

function firstTheme(): Theme {
  const kept = localStorage.getItem(themeKey)
  if (kept === 'light' || kept === 'dark') return kept
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

function open(config: Config): void {
  let theme = firstTheme()
  const sandbox = createWechatSandbox()
  const wire = createWire()
  const wechatCalls = createWechatCalls(sandbox.calls, wire.wechatCall)
  void wechatCalls.pull()
  const network = createNetwork({ builtFor: config.builtFor, origin: location.origin })
  const sheets = createSheets(document.querySelector<HTMLElement>('.phone') ?? document.body)
  const statusBar = setUpStatusBar(network.isOnline)
  const phone = createPhone({
    config,
    network,
    sheets,
    theme: () => theme,
    numberOf: sandbox.numberOf,
    onLaunch(person) {
      wire.launched(person)
      permissions.update()
    },
    onCall(record) {
      wire.record(record)
      permissions.update()
      if (record.api === 'request') void wechatCalls.pull()
    },
  })

  setUpCapsule(phone, sheets)
  const permissions = setUpPermissions(phone.holder)
  setUpNetwork(network, statusBar.update)
  const isDark = (): boolean => theme === 'dark'
  setUpSwitch('theme-phone', isDark, (dark) => {
    theme = dark ? 'dark' : 'light'
    localStorage.setItem(themeKey, theme)
    phone.applyTheme()
  })
  byId('relaunch').addEventListener('click', () => void phone.relaunch())
  byId('clear-storage').addEventListener('click', () => {
    phone.clearStorage()
    void phone.relaunch()
  })
  setUpDemo(config.demo)
  void setUpMood(sandbox)
  onLanguage(() => {
    const shown = { service: hostOf(config.serviceUrl), sandbox: hostOf(config.sandboxUrl) }
    byId('addresses').textContent = t('addresses', shown)
  })
  const appId = setUpApps(config.appIds, (next) => void phone.handTo({ appId: next }))
  const person = setUpPeople((next) => void phone.handTo({ person: next }))
  void phone.handTo({ appId, person })
}

function setUpNetwork(network: Network, onChange: () => void): void {
  setUpSwitch('network', network.isOnline, network.setOnline)
  setUpSwitch('network-slow', network.isSlow, network.setSlow)
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
