import { join } from 'node:path'
import { createSimulator, type Simulator } from '@mianmi/simulator'
import { type CompiledApp, compileMiniProgram } from '@mianmi/simulator/compile'
import { createMemoryStorage, createWx, type WxOptions } from '@mianmi/wechat-sandbox/wx'

/** Where the built package thinks the service is. */
const builtFor = 'http://127.0.0.1:3000'

let compiled: Promise<CompiledApp> | undefined

/** A phone that shows the built mini program; everything it sends goes to `service`. */
export interface Phone {
  simulator: Simulator
  /** The element a test id names on the page on top, or null. */
  find(testid: string): HTMLElement | null
  findAll(testid: string): HTMLElement[]
  text(testid: string): string
  tap(testid: string): void
  type(testid: string, text: string): void
  /** Resolves when `probe` answers with something true; asked again at each change on the screen. */
  until<T>(probe: () => T): Promise<NonNullable<T>>
  /** Waits for WeChat's dialog and presses the button with this text. */
  answerDialog(text: string): Promise<void>
  /** Opens a page from the profile, which it opens first. */
  openFromProfile(link: string): Promise<void>
  /** Presses a tab of the tab bar. */
  openTab(path: string): void
  /** Presses the arrow of the navigation bar. */
  goBack(): void
  /** Pulls the page on top down, far enough to refresh it. */
  pullDown(): void
  /** What the toast says. */
  toast(): string
  relaunch(): Promise<void>
  /** Puts the phone away. @throws what the mini program did not catch */
  close(): void
}

/** How this phone differs from the next best one. */
export interface PhoneTraits {
  /** What WeChat gives for the number, once the person has allowed it. */
  phoneNumber?: () => Promise<{ code: string } | { errMsg: string; errno?: number }>
  /** What “my WeChat avatar” is. */
  avatarUrl?: string
  wx?: Partial<WxOptions>
  /** APIs of `wx` in a version of this phone's own. */
  apis?: object
}

export async function startPhone(service: string, traits: PhoneTraits = {}): Promise<Phone> {
  compiled ??= compileMiniProgram(join(import.meta.dirname, '../dist'))
  const container = document.body.appendChild(document.createElement('div'))
  const simulator = createSimulator({
    container,
    app: await compiled,
    isolate: false,
    openType: openTypes(traits),
    wx: wxFor(service, traits),
  })
  const page = () => simulator.currentPage()
  const find = (testid: string) => page().querySelector<HTMLElement>(`[data-testid="${testid}"]`)
  const get = (testid: string) => {
    const element = find(testid)
    if (!element) throw new Error(`nothing on the page is called ${testid}`)
    return element
  }
  const faults: unknown[] = []
  simulator.onError((fault) => faults.push(fault))
  await simulator.launch()
  const phone: Phone = {
    simulator,
    find,
    findAll: (testid) => [...page().querySelectorAll<HTMLElement>(`[data-testid="${testid}"]`)],
    text: (testid) => get(testid).textContent ?? '',
    tap: (testid) => get(testid).click(),
    type: (testid, text) => typeInto(get(testid), text),
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
    openTab: (path) => container.querySelector<HTMLElement>(`[data-path="${path}"]`)?.click(),
    goBack: () => container.querySelector<HTMLElement>('[aria-label=返回]')?.click(),
    pullDown: () => pullDown(page()),
    toast: () => container.querySelector('[role=status]')?.textContent ?? '',
    relaunch: () => simulator.relaunch(),
    close() {
      simulator.destroy()
      container.remove()
      if (faults.length > 0) throw new AggregateError(faults, 'the mini program let errors escape')
    },
  }
  return phone
}

function openTypes(traits: PhoneTraits) {
  const avatarUrl = traits.avatarUrl ?? 'https://thirdwx.qlogo.cn/lin/132'
  return {
    person: () => ({ nickname: '小林', phone: '13800008000', avatarUrl }),
    getPhoneNumber: traits.phoneNumber ?? (async () => ({ code: 'phone-1' })),
  }
}

type MakeWx = Parameters<typeof createSimulator>[0]['wx']

function wxFor(service: string, traits: PhoneTraits): MakeWx {
  const storage = createMemoryStorage()
  return (screen) => ({
    ...createWx({
      appId: 'wx6d69616e6d690001',
      user: 'xiaolin',
      sandboxUrl: service,
      storage,
      screen,
      fetch: (input, init) => fetch(String(input).replace(builtFor, service), init),
      ...traits.wx,
    }),
    ...traits.apis,
  })
}

function pullDown(page: Element): void {
  for (const [type, clientY] of [['pointerdown', 0] as const, ['pointerup', 300] as const]) {
    page.firstElementChild?.dispatchEvent(new MouseEvent(type, { bubbles: true, clientY }))
  }
}

function typeInto(field: HTMLElement, text: string): void {
  const input = field instanceof HTMLInputElement ? field : field.querySelector('input')
  if (!input) throw new Error('this is no field')
  input.value = text
  input.dispatchEvent(new Event('input', { bubbles: true }))
}

function until<T>(screen: HTMLElement, probe: () => T): Promise<NonNullable<T>> {
  return new Promise((resolve) => {
    const observer = new MutationObserver(look)
    observer.observe(screen, {
      attributes: true,
      characterData: true,
      childList: true,
      subtree: true,
    })
    look()
    function look(): void {
      const found = probe()
      if (!found) return
      observer.disconnect()
      resolve(found)
    }
  })
}
