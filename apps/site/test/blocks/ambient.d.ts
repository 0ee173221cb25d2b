// What the code on the pages takes from the project that it is written into.

declare global {
  type User = import('@mianmi/contracts').User
  type AppRouter = import('@mianmi/contracts').AppRouter
  type WechatErrorKind = import('@mianmi/wechat').WechatErrorKind

  const host: string
  const url: string
  const appId: string
  const code: string
  const error: unknown
  const session: import('@mianmi/wx-session').Session<User>
  const requestNewCode: () => void

  // Clients, and helpers of other packages.
  const axios: typeof import('axios').default
  const anyClient: { order(id: number, accessToken: string): Promise<unknown> } & ((
    accessToken: string,
  ) => Promise<unknown>)
  const defineStore: <T>(name: string, setup: () => T) => () => T
  const uni: typeof wx

  // WeChat's signed and encrypted data.
  const rawData: string
  const signature: string
  const encryptedData: string
  const iv: string
  const sessionKey: string
  const openid: string

  // The ports of the service.
  const ports: import('@mianmi/core').Ports
  const adminPorts: import('@mianmi/core/admin').AdminPorts

  // The simulator and the sandbox.
  const container: HTMLElement
  const app: Awaited<ReturnType<typeof import('@mianmi/simulator/compile').compileMiniProgram>>
  const options: import('@mianmi/wechat-sandbox/wx').WxOptions
  const createWx: typeof import('@mianmi/wechat-sandbox/wx').createWx
  const createSimulator: typeof import('@mianmi/simulator').createSimulator
  const client: import('@mianmi/wechat-sandbox/wx').SandboxClient
  const pictures: Record<string, string>

  // A test of Playwright.
  type Locator = {
    getByTestId(id: string): Locator
    locator(selector: string): Locator
    frameLocator(selector: string): Locator
    click(): Promise<void>
  }
  const page: Locator
  const expect: (value: Locator) => { toHaveCount(count: number): Promise<void> }
}

export {}
