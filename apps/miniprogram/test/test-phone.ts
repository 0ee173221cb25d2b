import { join } from 'node:path'
import { createSimulator, type Simulator } from '@mianmi/simulator'
import { type CompiledApp, compileMiniProgram } from '@mianmi/simulator/compile'
import { createMemoryStorage, createWx, type WxOptions } from '@mianmi/wechat-sandbox/wx'

/** The service's address in the built package. */
const builtServiceUrl = 'http://127.0.0.1:3000'

let compiled: Promise<CompiledApp> | undefined

/** A phone that runs the built mini program; its requests go to `service`. */
export interface Phone {
  simulator: Simulator
  /** The element with this test id on the visible page, or null. */
  find(testid: string): HTMLElement | null
  findAll(testid: string): HTMLElement[]
  text(testid: string): string
  tap(testid: string): void
  type(testid: string, text: string): void
  /** Types with the keyboard open, and closes it. */
  enter(testid: string, text: string): void
  /** Resolves when `probe` returns a truthy value; it is called again after each change of the screen. */
  until<T>(probe: () => T): Promise<NonNullable<T>>
  /** Waits for WeChat's dialog and presses the button with this text. */
  answerDialog(text: string): Promise<void>
  /** Opens a page from the profile, which it opens first. */
  openFromProfile(link: string): Promise<void>
  /** Presses a tab of the tab bar. */
  openTab(path: string): void
  /** Presses the arrow of the navigation bar. */
  goBack(): void
  /** Pulls the visible page down to refresh it. */
  pullDown(): void
  /** The text of the toast. */
  toast(): string
  relaunch(): Promise<void>
  /** Removes the phone. @throws the errors that the mini program has not caught */
  close(): void
}

/** Differences from the default phone. */
export interface PhoneOptions {
  /** WeChat's result of getPhoneNumber after the person has allowed it. */
  phoneNumber?: () => Promise<{ code: string } | { errMsg: string; errno?: number }>
  /** WeChat's review of a nickname. */
  reviewNickname?: (nickname: string) => Promise<{ pass: boolean; timeout: boolean } | undefined>
  /** Address of the person's WeChat avatar. */
  avatarUrl?: string
  wx?: Partial<WxOptions>
  /** APIs that replace those of `wx`. */
  apis?: object
}

export async function startPhone(service: string, options: PhoneOptions = {}): Promise<Phone> {
  compiled ??= compileMiniProgram(join(import.meta.dirname, '../dist'))
  const container = document.body.appendChild(document.createElement('div'))
  const simulator = createSimulator({
    container,
    app: await compiled,
    isolate: false,
    openType: openTypeResults(options),
    wx: wxFor(service, options),
  })
  const page = () => simulator.currentPage()
  const find = (testid: string) => page().querySelector<HTMLElement>(`[data-testid="${testid}"]`)
  const get = (testid: string) => {
    const element = find(testid)
    if (!element) throw new Error(`nothing on the page is called ${testid}`)
    return element
  }
  const uncaught: unknown[] = []
  simulator.onError((fault) => uncaught.push(fault))
  await simulator.launch()
  const phone: Phone = {
    simulator,
    find,
    findAll: (testid) => [...page().querySelectorAll<HTMLElement>(`[data-testid="${testid}"]`)],
    text: (testid) => get(testid).textContent ?? '',
    tap: (testid) => get(testid).click(),
    type: (testid, text) => typeInto(get(testid), text),
    enter(testid, text) {
      const input = get(testid).querySelector('input')
      input?.focus()
      typeInto(get(testid), text)
      input?.blur()
    },
    until: (probe) => until(container, probe),
    async answerDialog(text) {
      const buttons = () => [...container.querySelectorAll<HTMLElement>('[role=dialog] button')]
      const button = await until(container, () => buttons().find((one) => one.textContent === text))
      button.click()
    },
    async openFromProfile(link) {
      phone.openTab('pages/profile/index')
      await phone.until(() => find(link))
      phone.tap(link)
    },
    openTab: (path) => container.querySelector<HTMLElement>(`button[data-path="${path}"]`)?.click(),
    goBack: () => container.querySelector<HTMLElement>('[aria-label=返回]')?.click(),
    pullDown: () => pullDown(page()),
    toast: () => container.querySelector('[role=status]')?.textContent ?? '',
    relaunch: () => simulator.relaunch(),
    close() {
      simulator.destroy()
      container.remove()
      if (uncaught.length > 0)
        throw new AggregateError(uncaught, 'the mini program has not caught these errors')
    },
  }
  return phone
}

/** The network of a phone, for the option `wx`. */
export function createNetwork() {
  let networkType: 'wifi' | 'none' = 'wifi'
  let changed = (): void => undefined
  return {
    wx: {
      networkType: () => networkType,
      watchNetwork: (listener: () => void) => {
        changed = listener
      },
    },
    set(type: typeof networkType) {
      networkType = type
      changed()
    },
  }
}

function openTypeResults(options: PhoneOptions) {
  const avatarUrl = options.avatarUrl ?? 'https://thirdwx.qlogo.cn/lin/132'
  return {
    person: () => ({ nickname: '小林', phone: '13800008000', avatarUrl }),
    getPhoneNumber: options.phoneNumber ?? (async () => ({ code: 'phone-1' })),
    ...(options.reviewNickname && { reviewNickname: options.reviewNickname }),
  }
}

type CreateWx = Parameters<typeof createSimulator>[0]['wx']

function wxFor(service: string, options: PhoneOptions): CreateWx {
  const storage = createMemoryStorage()
  return (screen) => ({
    ...createWx({
      appId: 'wx6d69616e6d690001',
      user: 'xiaolin',
      sandboxUrl: service,
      storage,
      screen,
      fetch: (input, init) => fetch(String(input).replace(builtServiceUrl, service), init),
      ...options.wx,
    }),
    ...options.apis,
  })
}

function pullDown(page: Element): void {
  for (const [type, clientY] of [['pointerdown', 0] as const, ['pointerup', 300] as const]) {
    page.firstElementChild?.dispatchEvent(new MouseEvent(type, { bubbles: true, clientY }))
  }
}

function typeInto(field: HTMLElement, text: string): void {
  const input = field instanceof HTMLInputElement ? field : field.querySelector('input')
  if (!input) throw new Error('not an input field')
  input.value = text
  input.dispatchEvent(new Event('input', { bubbles: true }))
}

function until<T>(screen: HTMLElement, probe: () => T): Promise<NonNullable<T>> {
  return new Promise((resolve) => {
    const observer = new MutationObserver(check)
    observer.observe(screen, {
      attributes: true,
      characterData: true,
      childList: true,
      subtree: true,
    })
    check()
    function check(): void {
      const found = probe()
      if (!found) return
      observer.disconnect()
      resolve(found)
    }
  })
}
