import type { AppRouter, User } from '@mianmi/contracts'
import type { SessionState } from '@mianmi/wx-session'
import type { World } from '../world.ts'
import type { AppContext, Installation } from './phone.ts'
import { createWx } from './wx.ts'

/** The header in which a call bears its id, so that the simulation recognises it at a node. */
const callHeader = 'x-calls'

export function openContext(world: World, app: Installation): AppContext {
  const { createSession, createWxClient, sessionLink, wxLink } =
    world.product.phones[app.device.promises]
  let isAlive = true
  let read = { event: 0, at: 0 }
  const wx = createWx(world, app, {
    isAlive: () => isAlive,
    onRead: () => {
      read = { event: world.timeline.count, at: world.timeline.now }
    },
  })
  const link = wxLink<AppRouter>({
    url: 'https://service/trpc',
    request: wx.request,
    headers: ({ opList }) => ({
      [callHeader]: opList.map(({ context }) => String(context['callId'] ?? '')).join(','),
    }),
  })
  const service = createWxClient<AppRouter>({ links: [link] })
  const session = createSession<User>({
    wx,
    exchange: (code) => service.miniLogin.mutate({ appId: app.appId, code }),
    refresh: async (refreshToken) => {
      const renewed = await service.session.refresh.mutate({ refreshToken })
      world.observers.renewed(context)
      return renewed
    },
    now: () => world.timeline.now + app.device.clockOffset,
  })
  const api = createWxClient<AppRouter>({ links: [sessionLink(session), link] })
  app.opened += 1
  const context: AppContext = {
    name: nameOf(app, app.opened),
    app,
    session,
    api,
    service,
    wx,
    openedAt: world.timeline.now,
    get isAlive() {
      return isAlive
    },
    get read() {
      return read
    },
    state: session.state,
    kill() {
      isAlive = false
      app.closedAt = world.timeline.now
      app.contexts = app.contexts.filter((each) => each !== context)
    },
  }
  session.subscribe((state) => {
    if (!isAlive) return
    const before = context.state
    context.state = state
    world.story.note(() => `${context.name} shows: ${describeState(state)}`)
    world.observers.stateChanged(context, { before, state })
  })
  app.contexts = [...app.contexts, context]
  return context
}

/** Contexts are windows to who reads a story. */
const nameOf = ({ appId, device }: Installation, opened: number): string =>
  `“${appId}” on ${device.name}${opened > 1 ? ` (window ${opened})` : ''}`

const describeState = (state: SessionState<User>): string =>
  state.status === 'signedIn' ? `signed in as ${state.user.account ?? state.user.id}` : state.status
