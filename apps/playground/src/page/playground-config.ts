import type { CompiledApp } from '@mianmi/simulator'

export interface PlaygroundConfig {
  /** The first is the usual one. */
  appIds: string[]
  /** The base address of the service in the mini program's own code. */
  builtServiceUrl: string
  serviceUrl: string
  sandboxUrl: string
  demo: { account: string; password: string } | null
}

export const loadConfig = (): Promise<PlaygroundConfig> => load<PlaygroundConfig>('/config.json')

/** @throws Error with the compiler's message. */
export const loadApp = (): Promise<CompiledApp> => load<CompiledApp>('/app.json')

async function load<T>(path: string): Promise<T> {
  const response = await fetch(path)
  const body = (await response.json()) as T | { error: { message: string } }
  if (response.ok) return body as T
  throw new Error((body as { error?: { message?: string } }).error?.message ?? response.statusText)
}
