import { createSimulator, type OpenTypeRecord, type Simulator } from '@mianmi/simulator'
import {
  type CallRecord,
  createSandboxClient,
  createWx,
  type Theme,
} from '@mianmi/wechat-sandbox/wx'
import { byId, element } from '../element.ts'
import { loadApp, type PlaygroundConfig } from '../playground-config.ts'
import { t } from '../text/language.ts'
import { avatarUrlOf } from './avatar.ts'
import { createImageUrlResolver } from './image-url.ts'
import type { Network } from './network.ts'
import type { Sheets } from './sheet.ts'

export interface PhoneOptions {
  config: PlaygroundConfig
  network: Network
  sheets: Sheets
  theme: () => Theme
  /** Somebody's number, as WeChat knows it. */
  numberOf(person: string): Promise<string>
  onLaunch(person: string): void
  onCall(record: CallRecord): void
}

/** Who holds the phone, and which mini program is on it. */
export interface PhoneHolder {
  person: string
  appId: string
}

export interface Phone {
  /** Gives the phone to this person, who opens the mini program. */
  handTo(holder: Partial<PhoneHolder>): Promise<void>
  holder(): PhoneHolder
  /** Kills the mini program and opens it again. */
  relaunch(): Promise<void>
  clearStorage(): void
  applyTheme(): void
  hide(): void
  show(): void
}

export function createPhone(options: PhoneOptions): Phone {
  const { sheets, theme } = options
  const screen = byId('screen')
  let holder: PhoneHolder = { person: '', appId: options.config.appIds[0] ?? '' }
  let simulator: Simulator | undefined
  let latest = 0

  /** The holder is fixed: what an earlier run still does belongs to whoever held the phone then. */
  async function start(who: PhoneHolder): Promise<void> {
    latest += 1
    const mine = latest
    sheets.dismiss()
    simulator?.destroy()
    simulator = undefined
    try {
      const [app, number] = await Promise.all([loadApp(), options.numberOf(who.person)])
      if (mine !== latest) return
      screen.replaceChildren()
      options.onLaunch(who.person)
      simulator = createSimulator({
        container: screen,
        app,
        theme: theme(),
        resolveUrl: createImageUrlResolver(options.config),
        ...wechatOptions(options, who, number),
      })
      simulator.onError((error) => console.error(error))
      await simulator.launch()
    } catch (error) {
      if (mine === latest) showCrash(screen, error, () => void start(holder))
    }
  }

  return {
    handTo(next) {
      holder = { ...holder, ...next }
      return start(holder)
    },
    holder: () => holder,
    relaunch: () => start(holder),
    clearStorage: () => clearScopedStorage(`wx:${holder.appId}:${holder.person}:`),
    applyTheme: () => simulator?.setTheme(theme()),
    hide: () => simulator?.hide(),
    show: () => simulator?.show(),
  }
}

/** What WeChat is to one person in one mini program. */
function wechatOptions(
  options: PhoneOptions,
  { person, appId }: PhoneHolder,
  phone: string,
): Pick<Parameters<typeof createSimulator>[0], 'openType' | 'wx'> {
  const { network, theme, onCall } = options
  const sandboxUrl = `${location.origin}/wechat`
  const client = createSandboxClient({ url: sandboxUrl, fetch: network.fetch })
  const nickname = person
  return {
    openType: {
      person: () => ({ nickname, phone, avatarUrl: avatarUrlOf(person) }),
      getPhoneNumber: () => client.getPhoneNumber({ appId, user: person }),
      onEnd: (end) => onCall(recordOf(end)),
    },
    wx: (screen) =>
      createWx({
        appId,
        user: person,
        sandboxUrl,
        fetch: network.fetch,
        storage: localStorage,
        networkType: network.type,
        watchNetwork: network.watch,
        theme,
        screen,
        onCall,
      }),
  }
}

/** WeChat's own buttons stand on the time line as calls do. */
function recordOf({ openType, startedAt, endedAt, detail }: OpenTypeRecord): CallRecord {
  const ok = !/:fail/.test(String(detail['errMsg'] ?? ''))
  return { api: `button.${openType}`, startedAt, endedAt, input: {}, ok, output: detail }
}

function showCrash(screen: HTMLElement, error: unknown, retry: () => void): void {
  const button = element('button', { type: 'button', 'data-testid': 'crash-retry' }, [
    t('crash.retry'),
  ])
  button.addEventListener('click', retry)
  screen.replaceChildren(
    element('div', { class: 'crash', role: 'alert', 'data-testid': 'crash' }, [
      element('h3', {}, [t('crash.title')]),
      element('pre', {}, [error instanceof Error ? error.message : String(error)]),
      button,
    ]),
  )
}

/** The prefix is the one that `createWx` gives to everything a person's phone keeps. */
function clearScopedStorage(prefix: string): void {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(prefix)) localStorage.removeItem(key)
  }
}
