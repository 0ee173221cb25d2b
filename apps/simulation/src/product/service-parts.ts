import type { SessionKeyVault, TokenMaker, WechatGateway } from '@mianmi/core'
import type { Wechat } from '@mianmi/wechat'

/**
 * The pure parts of the service (`apps/api`), which nothing may import by a path into it: the bundle reads their sources,
 * and these are the types that the simulation needs of them.
 */
export interface ServiceParts {
  createRootKey(...secrets: readonly [Uint8Array, ...Uint8Array[]]): RootKey
  createOpaqueTokens(root: RootKey): Omit<TokenMaker, 'signAccess' | 'verifyAccess'>
  createSessionKeyVault(root: RootKey): SessionKeyVault
  createWechatGateway(wechat: Wechat): WechatGateway
}

/** Opaque here: it goes from one part into another. */
export interface RootKey {
  readonly id: string
}

/** Sends a request of a node to the simulated WeChat. */
export type WechatSender = (
  host: string,
  request: WechatRequest,
  deadline: { hasExpired(): boolean },
) => Promise<{ status: number; text: string }>

export interface WechatRequest {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
}
