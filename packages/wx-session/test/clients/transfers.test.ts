import { expect, it, vi } from 'vitest'
import { createFixture, type FakePlatform, type User } from '../fixtures/fake-platform.ts'
import { createTransfers, type TransferWx } from './transfers.ts'

function createApp() {
  const { platform, session } = createFixture()
  const seen: (string | undefined)[] = []
  const answer: TransferWx['uploadFile'] = ({ header, success }) => {
    seen.push(header['authorization'])
    const token = header['authorization']?.replace('Bearer ', '')
    const statusCode = token === platform.newest() ? 200 : 401
    queueMicrotask(() => success({ statusCode, data: 'stored', tempFilePath: 'wxfile://1' }))
  }
  const close = vi.fn()
  /** For each socket, what its platform calls when it has closed. */
  const sockets: (() => void)[] = []
  const onClose = (listener: () => void) => sockets.push(listener)
  const connectSocket = vi.fn((_options: { header: Record<string, string> }) => ({
    close,
    onClose,
  }))
  const wx = { uploadFile: answer, downloadFile: answer as never, connectSocket } as TransferWx
  const transfers = createTransfers(session, wx, 'https://example.com')
  return { platform, session, seen, close, sockets, connectSocket, transfers }
}

it('an upload and a download have the token, and are repeated once after a renewal', async () => {
  const { platform, seen, transfers } = createApp()
  expect(await transfers.upload('wxfile://photo')).toMatchObject({ data: 'stored' })
  const first = platform.newest()
  platform.newTokens({ name: 'elsewhere' })
  expect(await transfers.download('https://example.com/1')).toMatchObject({
    tempFilePath: 'wxfile://1',
  })
  expect(seen).toEqual([`Bearer ${first}`, `Bearer ${first}`, `Bearer ${platform.newest()}`])
})

/** On another device: the session of this phone ends. */
function bind(platform: FakePlatform, user: User | null) {
  platform.boundTo = user
  platform.revoke()
  platform.newTokens({ name: 'elsewhere' })
}

it.each<[string, (app: ReturnType<typeof createApp>) => unknown]>([
  [
    'another account is bound',
    ({ platform, session }) =>
      session.accept({ tokens: platform.newTokens({ name: 'B' }), user: { name: 'B' } }),
  ],
  ['another user is signed in silently', ({ platform }) => bind(platform, { name: 'B' })],
  ['the identity is no longer bound', ({ platform }) => bind(platform, null)],
])('a socket is closed where %s, and then listens no more', async (_what, change) => {
  const app = createApp()
  const { platform, session, close, sockets, transfers } = app
  await transfers.connect()
  platform.expire()
  platform.newTokens({ name: 'elsewhere' })
  await transfers.upload('wxfile://photo')
  expect(close).not.toHaveBeenCalled()
  await change(app)
  await transfers.upload('wxfile://photo').catch(() => undefined)
  expect(close).toHaveBeenCalledOnce()
  for (const end of sockets) end()
  await session.signOut()
  expect(close).toHaveBeenCalledOnce()
})

it('a socket has the token, and is closed with the sign-out', async () => {
  const { platform, session, close, connectSocket, transfers } = createApp()
  await transfers.connect()
  expect(connectSocket.mock.calls[0]?.[0].header).toEqual({
    authorization: `Bearer ${platform.newest()}`,
  })
  expect(close).not.toHaveBeenCalled()
  await session.signOut()
  expect(close).toHaveBeenCalledOnce()
})
