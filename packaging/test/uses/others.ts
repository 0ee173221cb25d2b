import { createSimulator, type Simulator } from '@mianmi/simulator'
import { type CompiledApp, compileMiniProgram } from '@mianmi/simulator/compile'
import { trpcFastify } from '@mianmi/trpc-fastify'
import { createWechat, WechatError } from '@mianmi/wechat'
import { createSandbox } from '@mianmi/wechat-sandbox'
import { createHeadlessScreen, createWx } from '@mianmi/wechat-sandbox/wx'
import type { Session } from '@mianmi/wx-session'
import { useSession as useSessionOfReact } from '@mianmi/wx-session/react'
import { useSession as useSessionOfVue } from '@mianmi/wx-session/vue'
import { initTRPC } from '@trpc/server'
import { fastify } from 'fastify'

const router = initTRPC.create().router({})
const app = fastify()
app.register(trpcFastify<typeof router>, { prefix: '/trpc', trpcOptions: { router } })

const wechat = createWechat({ apps: { wx1234567890abcdef: 'app secret' } })
export const openid = wechat.code2Session('wx1234567890abcdef', 'code').then((it) => it.openid)
export const isRejected = (error: unknown): boolean =>
  error instanceof WechatError && error.kind === 'code_rejected'

export const sandbox = createSandbox({ now: () => Date.now() })
const screen = createHeadlessScreen()
const settings = { appId: 'wx6d69616e6d690001', user: () => '小明', sandboxUrl: 'http://127.0.0.1' }
export const login = createWx({ ...settings, screen }).login

export const compiled: Promise<CompiledApp> = compileMiniProgram('dist')
export const open = (container: HTMLElement, app: CompiledApp): Simulator =>
  createSimulator({ container, app, wx: (host) => createWx({ ...settings, screen: host }) })

declare const session: Session<{ id: string }>
export const status: string = useSessionOfReact(session).status
export const statusInVue: string = useSessionOfVue(session).value.status

// @ts-expect-error: the types are there, and not `any`
createWechat(1)
// @ts-expect-error: as above
createSandbox({ now: 1 })
// @ts-expect-error: as above
createSimulator(1)
// @ts-expect-error: as above
createWx(1)
// @ts-expect-error: as above
compileMiniProgram(1)
