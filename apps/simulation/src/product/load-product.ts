import type * as contracts from '@mianmi/contracts'
import type * as admin from '@mianmi/contracts/admin'
import type * as core from '@mianmi/core'
import type * as coreAdmin from '@mianmi/core/admin'
import type * as testing from '@mianmi/core/testing'
import type * as wechat from '@mianmi/wechat'
import type * as wxLink from '@mianmi/wx-link/client'
import type * as wxSession from '@mianmi/wx-session'
import type * as wxSessionLink from '@mianmi/wx-session/trpc'
import type * as trpc from '@trpc/server'
import { loadBundle } from './bundle.ts'
import type { Patch } from './patch.ts'
import type { RootKey, ServiceParts, WechatSender } from './service-parts.ts'
import { TaskPromise } from './task-promise.ts'

/** What runs on a server. */
export type ServerSide = Pick<typeof core, 'createUserService' | 'Failure' | 'reasons'> &
  Pick<typeof coreAdmin, 'createAdminService'> &
  Pick<
    typeof testing,
    | 'createMemoryStore'
    | 'createFakeTotp'
    | 'createFakeRecoveryCodes'
    | 'createFakeEnrolmentCodes'
    | 'createFakeOpenDataReader'
    | 'encryptOpenData'
  > &
  Pick<typeof contracts, 'appRouter' | 'shapeOf'> &
  Pick<typeof admin, 'adminRouter'> &
  Pick<typeof wechat, 'createWechat' | 'WechatError'> &
  Pick<typeof trpc, 'callTRPCProcedure' | 'getTRPCErrorFromUnknown' | 'getTRPCErrorShape'> &
  ServiceParts & { setWechatSender(sender: WechatSender): void }

/** What runs on a phone. */
export type PhoneSide = Pick<typeof wxSession, 'createSession' | 'notSignedIn'> &
  Pick<typeof wxSessionLink, 'sessionLink'> &
  Pick<typeof wxLink, 'createWxClient' | 'wxLink' | 'linkError'>

export interface Product {
  readonly server: ServerSide
  /** Reactions of promises run as microtasks, or each as a task of its own. */
  readonly phones: { readonly microtasks: PhoneSide; readonly tasks: PhoneSide }
}

export type { RootKey }

const serverEntry = `
export { createUserService, Failure, reasons } from '$/packages/core/src/index.ts'
export { createAdminService } from '$/packages/core/src/admin/index.ts'
export { createMemoryStore } from '$/packages/core/testing/memory-store/memory-store.ts'
export { createFakeTotp, createFakeRecoveryCodes, createFakeEnrolmentCodes } from '$/packages/core/testing/fakes/second-factor.ts'
export { createFakeOpenDataReader, encryptOpenData } from '$/packages/core/testing/fakes/vault.ts'
export { appRouter, shapeOf } from '$/packages/contracts/src/index.ts'
export { adminRouter } from '$/packages/contracts/src/admin/index.ts'
export { createWechat, WechatError } from '$/packages/wechat/src/index.ts'
export { setWechatSender } from '$/packages/wechat/src/transport/request-sender.ts'
export { callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape } from '@trpc/server'
export { createWechatGateway } from '$/apps/api/src/wechat-gateway.ts'
export { createRootKey } from '$/apps/api/src/tokens/root-key.ts'
export { createOpaqueTokens } from '$/apps/api/src/tokens/opaque-tokens.ts'
export { createSessionKeyVault } from '$/apps/api/src/tokens/session-key-vault.ts'
`

/** In place of undici's connections: the simulated network to WeChat. */
const simulatedSender = `
let sender = null
export const setWechatSender = (next) => { sender = next }
export const createRequestSender = ({ baseUrl }) => ({
  send: (request, deadline) => sender(baseUrl.hostname, request, deadline),
  close: async () => {},
})
`

const phoneEntry = `
export { createSession, notSignedIn } from '$/packages/wx-session/src/index.ts'
export { sessionLink } from '$/packages/wx-session/src/trpc.ts'
export { createWxClient, wxLink, linkError } from '$/packages/wx-link/src/client.ts'
`

/** @param patches known faults that are brought back */
export async function loadProduct(patches: readonly Patch[] = []): Promise<Product> {
  const server = await loadBundle<ServerSide>({
    name: 'server',
    entry: serverEntry,
    patches,
    replaced: { 'packages/wechat/src/transport/request-sender.ts': simulatedSender },
  })
  const microtasks = await loadBundle<PhoneSide>({
    ...{ name: 'phone', entry: phoneEntry, patches },
    isClosed: true,
  })
  const tasks = await loadBundle<PhoneSide>({
    ...{ name: 'phone-with-tasks', entry: phoneEntry, patches },
    isClosed: true,
    target: 'es2016',
    globals: { Promise: TaskPromise },
  })
  return { server, phones: { microtasks, tasks } }
}
