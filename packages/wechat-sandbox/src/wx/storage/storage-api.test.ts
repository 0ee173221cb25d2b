import { expect, test } from 'vitest'
import { createCallApi } from '../api-call.ts'
import { createScopedStorage } from './scoped-storage.ts'
import { createStorageApi } from './storage-api.ts'
import { createMemoryStorage, type StorageLike } from './storage-like.ts'

function phone(backing: StorageLike = createMemoryStorage(), user: () => string = () => 'ann') {
  return createStorageApi(
    createCallApi(undefined),
    createScopedStorage(backing, () => `wx:app:${user()}:`),
  )
}

test.each([['text'], [0], [false], [null], [{ a: [1, { b: 2 }] }]])('keeps %o', async (data) => {
  const wx = phone()
  expect(await wx.setStorage({ key: 'k', data })).toEqual({ errMsg: 'setStorage:ok' })
  expect(await wx.getStorage({ key: 'k' })).toEqual({ data, errMsg: 'getStorage:ok' })
  expect(wx.getStorageSync('k')).toEqual(data)
})

test('a missing value fails the asynchronous call and is an empty string in the synchronous one', async () => {
  const wx = phone()
  await expect(wx.getStorage({ key: 'k' })).rejects.toEqual({
    errMsg: 'getStorage:fail data not found',
  })
  expect(wx.getStorageSync('k')).toBe('')
  expect(await wx.removeStorage({ key: 'k' })).toEqual({ errMsg: 'removeStorage:ok' })
})

test('a stored object is a copy', () => {
  const wx = phone()
  const original = { list: [1] }
  wx.setStorageSync('k', original)
  original.list.push(2)
  const copy = wx.getStorageSync<typeof original>('k')
  copy.list.push(3)
  expect(wx.getStorageSync('k')).toEqual({ list: [1] })
})

test('a key holds less than 1 MB', async () => {
  const wx = phone()
  const large = 'x'.repeat(1024 * 1024)
  wx.setStorageSync('k', large.slice(100))
  await expect(wx.setStorage({ key: 'k', data: large })).rejects.toMatchObject({
    errMsg: expect.stringMatching(/^setStorage:fail exceed/),
  })
  expect(() => wx.setStorageSync('k', '明'.repeat(400_000))).toThrow(/^setStorageSync:fail exceed/)
  expect(wx.getStorageSync('k')).toHaveLength(1024 * 1024 - 100)
})

test('all keys together hold 10 MB, and a value may be replaced when they are full', () => {
  const wx = phone()
  const large = 'x'.repeat(1024 * 1024 - 100)
  for (let key = 0; key < 10; key += 1) wx.setStorageSync(`k${key}`, large)
  expect(() => wx.setStorageSync('more', large)).toThrow('setStorageSync:fail exceed storage')
  expect(() => wx.setStorageSync('k0', large)).not.toThrow()
})

test('getStorageInfo returns the keys and the size in KB', async () => {
  const wx = phone()
  wx.setStorageSync('a', 'x'.repeat(2000))
  wx.setStorageSync('b', 1)
  expect(wx.getStorageInfoSync()).toEqual({ keys: ['a', 'b'], currentSize: 2, limitSize: 10240 })
  expect(await wx.getStorageInfo()).toMatchObject({ keys: ['a', 'b'] })
})

test('each user has a separate storage, and clearStorage clears that one only', async () => {
  let user = 'ann'
  const wx = phone(createMemoryStorage(), () => user)
  wx.setStorageSync('k', 'of ann')
  user = 'bob'
  expect(wx.getStorageSync('k')).toBe('')
  wx.setStorageSync('k', 'of bob')
  await wx.clearStorage()
  expect(wx.getStorageInfoSync().keys).toEqual([])
  user = 'ann'
  expect(wx.getStorageSync('k')).toBe('of ann')
})

test('a storage that lists its keys by index works', () => {
  const items = new Map<string, string>([['another key', 'x']])
  const wx = phone({
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    key: (index) => [...items.keys()][index] ?? null,
    get length() {
      return items.size
    },
  })
  wx.setStorageSync('a', 1)
  wx.setStorageSync('b', 2)
  expect(wx.getStorageInfoSync().keys).toEqual(['a', 'b'])
  wx.clearStorageSync()
  expect([...items.keys()]).toEqual(['another key'])
})

test('a key must be a non-empty string', async () => {
  const wx = phone()
  await expect(wx.setStorage({ key: '', data: 1 })).rejects.toMatchObject({
    errMsg: expect.stringMatching(/^setStorage:fail parameter error/),
  })
  expect(() => wx.removeStorageSync('')).toThrow(/^removeStorageSync:fail parameter error/)
})

test('the limits count key and JSON in bytes', () => {
  const wx = phone()
  // `{"data":"…"}` adds 11 bytes to the text.
  const fitting = 1024 * 1024 - 11
  wx.setStorageSync('k', 'x'.repeat(fitting - 1))
  expect(() => wx.setStorageSync('k', 'x'.repeat(fitting))).toThrow('exceed the max size of a key')
  for (let key = 0; key < 9; key += 1) wx.setStorageSync(String(key), 'x'.repeat(fitting - 1))
  expect(wx.getStorageInfoSync().currentSize).toBe(10_240)
  expect(() => wx.setStorageSync('more', '')).toThrow('exceed storage max size')
  wx.removeStorageSync('0')
  wx.setStorageSync('more', '')
})

test('the size in KB is rounded up and includes the keys', () => {
  const wx = phone()
  wx.setStorageSync('k'.repeat(1024), '')
  expect(wx.getStorageInfoSync().currentSize).toBe(2)
})
