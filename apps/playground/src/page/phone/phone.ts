import { createSimulator, type Simulator } from '@mianmi/simulator'
import {
  type CallRecord,
  createSandboxClient,
  createWx,
  type Theme,
} from '@mianmi/wechat-sandbox/wx'
import { type Config, loadApp } from '../config.ts'
import { byId, element } from '../element.ts'
import { t } from '../text/language.ts'
import type { Network } from './network.ts'
import type { Sheets } from './sheet.ts'

export interface PhoneOptions {
  config: Config
  network: Network
  sheets: Sheets
  theme: () => Theme
  onLaunch(person: string): void
  onCall(record: CallRecord): void
}

export interface Phone {
  /** Gives the phone to this person, who opens the mini program. */
  handTo(person: string): Promise<void>
  /** Kills the mini program and opens it again. */
  relaunch(): Promise<void>
  clearStorage(): void
  applyTheme(): void
  hide(): void
  show(): void
}

export function createPhone(options: PhoneOptions): Phone {
  const { config, network, sheets, theme } = options
  const screen = byId('screen')
  const sandboxUrl = `${location.origin}/wechat`
  const client = createSandboxClient({ url: sandboxUrl, fetch: network.fetch })
  let person = ''
  let simulator: Simulator | undefined
  let latest = 0

  async function allowNumber(user: string): Promise<{ code: string } | { errMsg: string }> {
    const isAllowed = await sheets.ask({
      title: t('number.title'),
      text: t('number.text'),
      answers: [
        { text: t('number.allow'), value: true, testid: 'number-allow' },
        { text: t('number.deny'), value: false, testid: 'number-deny' },
      ],
      otherwise: false,
    })
    if (!isAllowed) return { errMsg: 'getPhoneNumber:fail user deny' }
    try {
      return { code: await client.phone({ appId: config.appId, user }) }
    } catch (error) {
      return { errMsg: `getPhoneNumber:fail ${messageOf(error)}` }
    }
  }

  /** The person is fixed: what an earlier run still does belongs to whoever held the phone then. */
  async function start(user: string): Promise<void> {
    latest += 1
    const mine = latest
    sheets.dismiss()
    simulator?.destroy()
    simulator = undefined
    try {
      const app = await loadApp()
      if (mine !== latest) return
      screen.replaceChildren()
      options.onLaunch(user)
      simulator = createSimulator({
        container: screen,
        app,
        theme: theme(),
        openType: { getPhoneNumber: () => allowNumber(user) },
        wx: (stage) =>
          createWx({
            appId: config.appId,
            user,
            sandboxUrl,
            fetch: network.fetch,
            storage: localStorage,
            networkType: () => (network.isOnline() ? 'wifi' : 'none'),
            theme,
            stage,
            onCall: options.onCall,
          }),
      })
      simulator.onError((error) => console.error(error))
      await simulator.launch()
    } catch (error) {
      if (mine === latest) showCrash(error)
    }
  }

  function showCrash(error: unknown): void {
    const retry = element('button', { type: 'button', 'data-testid': 'crash-retry' }, [
      t('crash.retry'),
    ])
    retry.addEventListener('click', () => void start(person))
    screen.replaceChildren(
      element('div', { class: 'crash', role: 'alert', 'data-testid': 'crash' }, [
        element('h3', {}, [t('crash.title')]),
        element('pre', {}, [messageOf(error)]),
        retry,
      ]),
    )
  }

  return {
    handTo(next) {
      person = next
      return start(person)
    },
    relaunch: () => start(person),
    clearStorage: () => clearShelf(`wx:${config.appId}:${person}:`),
    applyTheme: () => simulator?.setTheme(theme()),
    hide: () => simulator?.hide(),
    show: () => simulator?.show(),
  }
}

/** The prefix is the one that `createWx` gives to everything a person's phone keeps. */
function clearShelf(prefix: string): void {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(prefix)) localStorage.removeItem(key)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
