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

/** Options of {@link createPhone}. */
export interface PhoneOptions {
  config: PlaygroundConfig
  network: Network
  sheets: Sheets
  theme: () => Theme
  /** Whether WeChat refuses every nickname that it reviews. */
  refusesNicknames: () => boolean
  /** The phone number of a user, as WeChat knows it. */
  numberOf(person: string): Promise<string>
  onLaunch(person: string): void
  onCall(record: CallRecord): void
}

/** Who holds the phone, and which appid the mini program runs under. */
export interface PhoneHolder {
  /** The name of the user. */
  person: string
  /** The appid. */
  appId: string
}

/** The phone on the page. */
export interface Phone {
  /** Changes the user or the appid and launches the mini program. */
  handTo(holder: Partial<PhoneHolder>): Promise<void>
  /** The current user and appid. */
  holder(): PhoneHolder
  /** Ends the mini program and launches it again. */
  relaunch(): Promise<void>
  /** Removes the stored data of the current user and appid. */
  clearStorage(): void
  /** Applies a change of the theme. */
  applyTheme(): void
  /** Sends the app to the background. */
  hide(): void
  /** Brings the app back to the foreground. */
  show(): void
}

export function createPhone(options: PhoneOptions): Phone {
  const { sheets, theme } = options
  const screen = byId('screen')
  let holder: PhoneHolder = { person: '', appId: options.config.appIds[0] ?? '' }
  let simulator: Simulator | undefined
  let latestLaunch = 0

  /** `holder` is fixed for one launch: late calls of an earlier launch belong to the user of that launch. */
  async function start(launchHolder: PhoneHolder): Promise<void> {
    latestLaunch += 1
    const launch = latestLaunch
    sheets.dismiss()
    simulator?.destroy()
    simulator = undefined
    try {
      const [app, number] = await Promise.all([loadApp(), options.numberOf(launchHolder.person)])
      if (launch !== latestLaunch) return
      screen.replaceChildren()
      options.onLaunch(launchHolder.person)
      simulator = createSimulator({
        container: screen,
        app,
        theme: theme(),
        resolveUrl: createImageUrlResolver(options.config),
        ...wechatOptions(options, launchHolder, number),
      })
      simulator.onError((error) => console.error(error))
      await simulator.launch()
    } catch (error) {
      if (launch === latestLaunch) showCrash(screen, error, () => void start(holder))
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

/** What WeChat provides for one user in one mini program. */
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
      reviewNickname: async () => ({ pass: !options.refusesNicknames(), timeout: false }),
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

/** Uses of a button with an `open-type` appear in the call log like calls. */
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

/** @param prefix the prefix that `createWx` gives to the stored data of a user */
function clearScopedStorage(prefix: string): void {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(prefix)) localStorage.removeItem(key)
  }
}
