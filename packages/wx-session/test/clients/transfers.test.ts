import { expect, it, vi } from 'vitest'
import { createFixture } from '../fixtures/fake-platform.ts'
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
  const connectSocket = vi.fn((_options: { header: Record<string, string> }) => ({ close }))
  const wx = { uploadFile: answer, downloadFile: answer as never, connectSocket } as TransferWx
  const transfers = createTransfers(session, wx, 'https://example.com')
  return { platform, session, seen, close, connectSocket, transfers }
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
