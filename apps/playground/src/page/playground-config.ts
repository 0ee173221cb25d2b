import type { CompiledApp } from '@mianmi/simulator'

/** What the server tells the page. */
export interface PlaygroundConfig {
  /** The appids that the mini program can run under; the first is the default. */
  appIds: string[]
  /** The names of the appids, where the mini program has a list of them. */
  appNames: Readonly<Record<string, string>>
  /** The address of the service that the mini program was built with. */
  builtServiceUrl: string
  /** Base address of the service. */
  serviceUrl: string
  /** Base address of the sandbox WeChat. */
  sandboxUrl: string
  /** The account that the development service has created. */
  demo: { account: string; password: string } | null
}

export const loadConfig = (): Promise<PlaygroundConfig> => load<PlaygroundConfig>('/config.json')

/** @throws Error with the message of the compiler */
export const loadApp = (): Promise<CompiledApp> => load<CompiledApp>('/app.json')

async function load<T>(path: string): Promise<T> {
  const response = await fetch(path)
  const body = (await response.json()) as T | { error: { message: string } }
  if (response.ok) return body as T
  throw new Error((body as { error?: { message?: string } }).error?.message ?? response.statusText)
}
