import { expect, test } from 'vitest'
import type { CallRecord, FileSystemManager } from '../../src/wx/index.ts'
import { createPhone } from './phone.ts'

type Options = Parameters<FileSystemManager['readFile']>[0]

const read = (manager: FileSystemManager, options: Options) =>
  new Promise((resolve) => manager.readFile({ ...options, complete: resolve }))

test('a temporary file is read as base64, as text or as bytes', async () => {
  const { wx, screen } = createPhone()
  const filePath = screen.addFile(new TextEncoder().encode('图'), '.png')
  expect(filePath).toMatch(/^http:\/\/tmp\/.+\.png$/)
  const manager = wx.getFileSystemManager()
  const answers = [
    await read(manager, { filePath, encoding: 'base64' }),
    await read(manager, { filePath, encoding: 'utf8' }),
    await read(manager, { filePath }),
  ]
  expect(answers).toEqual([
    { data: '5Zu+', errMsg: 'readFile:ok' },
    { data: '图', errMsg: 'readFile:ok' },
    { data: Uint8Array.of(0xe5, 0x9b, 0xbe).buffer, errMsg: 'readFile:ok' },
  ])
})

test('reading a missing file fails with 1300002 and is reported to onCall', async () => {
  const calls: CallRecord[] = []
  const { wx } = createPhone({ onCall: (record) => calls.push(record) })
  const failure = await read(wx.getFileSystemManager(), { filePath: 'http://tmp/9.jpg' })
  expect(failure).toEqual({
    errMsg: 'readFile:fail no such file or directory, open http://tmp/9.jpg',
    errno: 1300002,
  })
  expect(calls).toMatchObject([{ api: 'readFile', ok: false }])
})

test('readFile returns no promise, as on the phone', () => {
  const { wx } = createPhone()
  expect(wx.getFileSystemManager().readFile({ filePath: 'http://tmp/9.jpg' })).toBeUndefined()
})

test('compressImage creates a new file and keeps the original', async () => {
  const asked: unknown[] = []
  const shrink = (bytes: Uint8Array, to: object) => {
    asked.push(to)
    return bytes.slice(0, 1)
  }
  const { wx, screen } = createPhone({}, { compressImage: shrink })
  const src = screen.addFile(Uint8Array.of(1, 2, 3))
  const { tempFilePath } = await wx.compressImage({ src, compressedWidth: 256 })
  expect(asked).toEqual([{ width: 256, quality: 80 }])
  expect([screen.readFile(src), screen.readFile(tempFilePath)]).toEqual([
    Uint8Array.of(1, 2, 3),
    Uint8Array.of(1),
  ])
})

test('compressImage fails for a missing file and for a file that is not a picture', async () => {
  const { wx, screen } = createPhone()
  await expect(wx.compressImage({ src: 'http://tmp/9.jpg' })).rejects.toMatchObject({
    errno: 1300002,
  })
  const src = screen.addFile(Uint8Array.of(1))
  await expect(wx.compressImage({ src })).rejects.toEqual({
    errMsg: 'compressImage:fail decode image fail',
  })
})
