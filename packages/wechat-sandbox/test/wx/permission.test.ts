import { expect, test } from 'vitest'
import {
  type CallRecord,
  createMemoryStorage,
  createPermissions,
  scopes,
} from '../../src/wx/index.ts'
import { appId } from '../sandbox-server.ts'
import { createConsentedPhone } from './phone.ts'

// https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/authorize.html

const denied = (api: string) => ({ errMsg: `${api}:fail auth deny`, errno: 103 })

test('a scope is requested once and the decision is kept', async () => {
  const { wx, screen } = createConsentedPhone()
  expect(await wx.authorize({ scope: 'scope.record' })).toEqual({ errMsg: 'authorize:ok' })
  await wx.authorize({ scope: 'scope.record' })
  expect(screen.scopeDialogs).toEqual([{ title: '使用你的麦克风', detail: '' }])
})

test('onCall gets the scope and the decision of a popup', async () => {
  const records: CallRecord[] = []
  const onCall = (record: CallRecord) => void records.push(record)
  const { wx, screen } = createConsentedPhone({ onCall })
  screen.answerScopeDialogs(false)
  await wx.authorize({ scope: 'scope.record' }).catch(() => undefined)
  expect(records).toMatchObject([
    { api: 'agreePrivacyAuthorization' },
    { api: 'scopeDialog', input: { scope: 'scope.record' }, output: { granted: false } },
    { api: 'authorize', ok: false },
  ])
})

test('after a refusal it fails at once, with no popup', async () => {
  const { wx, screen } = createConsentedPhone()
  screen.answerScopeDialogs(false)
  await expect(wx.authorize({ scope: 'scope.record' })).rejects.toEqual(denied('authorize'))
  await expect(wx.authorize({ scope: 'scope.record' })).rejects.toEqual(denied('authorize'))
  expect(screen.scopeDialogs).toHaveLength(1)
})

test('parallel calls for one scope share one popup', async () => {
  const { wx, screen } = createConsentedPhone()
  await Promise.all([1, 2, 3].map(() => wx.authorize({ scope: 'scope.camera' })))
  expect(screen.scopeDialogs).toHaveLength(1)
})

test('withdrawn scopes are granted without a popup, userInfo is denied, an unknown scope is refused', async () => {
  const { wx, screen } = createConsentedPhone()
  for (const scope of ['scope.address', 'scope.invoice', 'scope.invoiceTitle']) {
    await wx.authorize({ scope })
  }
  await expect(wx.authorize({ scope: 'scope.userInfo' })).rejects.toEqual(denied('authorize'))
  await expect(wx.authorize({ scope: 'scope.nonsense' })).rejects.toEqual({
    errMsg: 'authorize:fail invalid scope',
  })
  expect(screen.scopeDialogs).toEqual([])
  expect((await wx.getSetting()).authSetting).toEqual({
    'scope.address': true,
    'scope.invoice': true,
    'scope.invoiceTitle': true,
  })
})

test('the settings list the requested scopes, and changes there are kept', async () => {
  const { wx, screen } = createConsentedPhone()
  screen.answerScopeDialogs(false, true)
  await wx.authorize({ scope: 'scope.record' }).catch(() => undefined)
  await wx.authorize({ scope: 'scope.camera' })
  screen.changeSettings({ 'scope.record': true, 'scope.camera': false })
  const { authSetting } = await screen.tap(() => wx.openSetting())
  expect(screen.settings).toEqual([
    [
      { scope: 'scope.record', label: '麦克风', granted: false },
      { scope: 'scope.camera', label: '摄像头', granted: true },
    ],
  ])
  expect(authSetting).toMatchObject({ 'scope.record': true, 'scope.camera': false })
  await wx.authorize({ scope: 'scope.record' })
  await expect(wx.authorize({ scope: 'scope.camera' })).rejects.toEqual(denied('authorize'))
})

test('openSetting works only in a tap, and an await ends the tap', async () => {
  const { wx, screen } = createConsentedPhone()
  const outside = { errMsg: 'openSetting:fail can only be invoked by user TAP gesture.' }
  await expect(wx.openSetting()).rejects.toEqual(outside)
  const late = screen.tap(async () => {
    await wx.getSetting()
    return wx.openSetting()
  })
  await expect(late).rejects.toEqual(outside)
  expect(screen.settings).toEqual([])
})

test('userLocationBackground has no popup and can be granted on the settings page only', async () => {
  const { wx, screen } = createConsentedPhone()
  const scope = 'scope.userLocationBackground'
  await expect(wx.authorize({ scope })).rejects.toEqual(denied('authorize'))
  expect(screen.scopeDialogs).toEqual([])
  screen.changeSettings({ [scope]: true })
  await screen.tap(() => wx.openSetting())
  expect(await wx.authorize({ scope })).toEqual({ errMsg: 'authorize:ok' })
})

test('getLocation requests its scope itself and returns the position of the phone', async () => {
  const { wx, screen } = createConsentedPhone({ location: { latitude: 30, longitude: 120 } })
  expect(await wx.getLocation({ type: 'gcj02' })).toMatchObject({
    latitude: 30,
    longitude: 120,
    errMsg: 'getLocation:ok',
  })
  expect(screen.scopeDialogs).toEqual([{ title: '获取你的位置信息', detail: '' }])
})

test('a refused getLocation fails with 103 and shows no further popup', async () => {
  const { wx, screen } = createConsentedPhone()
  screen.answerScopeDialogs(false)
  await expect(wx.getLocation()).rejects.toEqual(denied('getLocation'))
  await expect(wx.getLocation()).rejects.toEqual(denied('getLocation'))
  expect(screen.scopeDialogs).toHaveLength(1)
})

test('getLocation needs a description and requiredPrivateInfos in app.json', async () => {
  const reason = { 'scope.userLocation': { desc: '给你看附近的店' } }
  const undeclared = createConsentedPhone({}, { manifest: { permission: reason } })
  await expect(undeclared.wx.getLocation()).rejects.toMatchObject({
    errMsg: expect.stringContaining('requiredPrivateInfos'),
  })
  const mute = createConsentedPhone({}, { manifest: { requiredPrivateInfos: ['getLocation'] } })
  await expect(mute.wx.getLocation()).rejects.toEqual({
    errMsg: 'getLocation:fail require permission desc',
  })
  const manifest = { permission: reason, requiredPrivateInfos: ['getLocation'] }
  const { wx, screen } = createConsentedPhone({}, { manifest })
  await wx.getLocation()
  expect(screen.scopeDialogs).toEqual([{ title: '获取你的位置信息', detail: '给你看附近的店' }])
})

test('decisions survive a launch and clearStorage and are separate for each user', async () => {
  const storage = createMemoryStorage()
  const first = createConsentedPhone({ storage })
  first.screen.answerScopeDialogs(false)
  await first.wx.authorize({ scope: 'scope.record' }).catch(() => undefined)
  first.wx.clearStorageSync()
  const second = createConsentedPhone({ storage })
  await expect(second.wx.authorize({ scope: 'scope.record' })).rejects.toMatchObject({ errno: 103 })
  const other = createConsentedPhone({ storage, user: 'bob' })
  await other.wx.authorize({ scope: 'scope.record' })
  expect(other.screen.scopeDialogs).toHaveLength(1)
})

test('createPermissions changes and removes a decision', async () => {
  const storage = createMemoryStorage()
  const permissions = createPermissions(storage, appId, () => 'ann')
  const { wx, screen } = createConsentedPhone({ storage })
  permissions.setScope('scope.record', false)
  await expect(wx.authorize({ scope: 'scope.record' })).rejects.toMatchObject({ errno: 103 })
  permissions.setScope('scope.record', undefined)
  await wx.authorize({ scope: 'scope.record' })
  expect(screen.scopeDialogs).toHaveLength(1)
  expect(permissions.requestedScopes()).toEqual(['scope.record'])
  permissions.reset()
  expect([permissions.requestedScopes(), permissions.privacy()]).toEqual([[], false])
})

test.each(['scope.userLocation', 'scope.userFuzzyLocation', 'scope.userLocationBackground'])(
  '%s needs a description in app.json',
  async (scope) => {
    const { wx, screen } = createConsentedPhone({}, { manifest: { permission: {} } })
    await expect(wx.authorize({ scope })).rejects.toEqual({
      errMsg: 'authorize:fail require permission desc',
    })
    expect(screen.scopeDialogs).toEqual([])
    await expect(wx.authorize({ scope: 'scope.record' })).resolves.toBeTruthy()
  },
)

test('decisions are separate for each app', async () => {
  const storage = createMemoryStorage()
  const first = createPermissions(storage, appId, () => 'ann')
  first.setScope('scope.record', true)
  first.setPrivacy(true)
  const other = createPermissions(storage, 'wx6d69616e6d690002', () => 'ann')
  expect([other.scope('scope.record'), other.privacy()]).toEqual([undefined, false])
  expect([first.scope('scope.record'), first.privacy()]).toEqual([true, true])
})

test('every scope has a title for its popup and a label for the settings', async () => {
  const { wx, screen } = createConsentedPhone()
  for (const scope of scopes) await wx.authorize({ scope }).catch(() => undefined)
  expect(screen.scopeDialogs.map(({ title }) => title)).toEqual([
    '获取你的位置信息',
    '获取你的模糊位置信息',
    '使用你的麦克风',
    '使用你的摄像头',
    '使用你的蓝牙',
    '保存图片或视频到你的相册',
    '添加联系人到你的通讯录',
    '添加日程到你的日历',
    '获取你的微信运动步数',
  ])
  await screen.tap(() => wx.openSetting())
  expect(screen.settings[0]?.map(({ label }) => label)).toEqual([
    '位置信息',
    '模糊位置信息',
    '后台位置信息',
    '麦克风',
    '摄像头',
    '蓝牙',
    '添加到相册',
    '添加到通讯录',
    '添加到日历',
    '微信运动步数',
  ])
})
