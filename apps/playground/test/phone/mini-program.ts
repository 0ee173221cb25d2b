import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CompiledApp, compileMiniProgram } from '@mianmi/simulator/compile'

const files = {
  'app.json': JSON.stringify({
    pages: ['page/index'],
    permission: { 'scope.userLocation': { desc: '看看你在哪里' } },
    requiredPrivateInfos: ['getLocation'],
  }),
  'app.js': `App({
    onLaunch() {
      this.waiting = []
      wx.onNeedPrivacyAuthorization((resolve, { referrer }) => {
        this.waiting.push({ resolve, referrer })
      })
    },
  })`,
  'page/index.wxml': `
    <button data-testid="phone-button" open-type="getPhoneNumber" bindgetphonenumber="note" />
    <button data-testid="agree" id="agree" open-type="agreePrivacyAuthorization" bindagreeprivacyauthorization="agree" />
    <input type="nickname" data-testid="nickname" bindnicknamereview="note" />
    <view data-testid="locate" bindtap="locate" />
    <view data-testid="settings" bindtap="openSettings" />
    <view data-testid="late" bindtap="openSettingsLate" />
    <view data-testid="request" bindtap="request" />`,
  'page/index.js': `Page({
    data: { results: [] },
    add(result) {
      this.setData({ results: [...this.data.results, result] })
    },
    note(event) {
      this.add(event.detail)
    },
    agree() {
      for (const { resolve } of getApp().waiting.splice(0)) {
        resolve({ event: 'agree', buttonId: 'agree' })
      }
    },
    locate() {
      wx.getLocation({ complete: (result) => this.add(result) })
    },
    openSettings() {
      wx.openSetting({ complete: (result) => this.add(result) })
    },
    async openSettingsLate() {
      await wx.getSetting()
      this.openSettings()
    },
    request() {
      wx.request({ url: 'http://service.test/', complete: (result) => this.add(result) })
    },
  })`,
}

/** Compiles a mini program whose page data contains the results of its calls. */
export async function compileSmallProgram(): Promise<CompiledApp> {
  const folder = await mkdtemp(join(tmpdir(), 'playground-'))
  try {
    await mkdir(join(folder, 'page'))
    for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text)
    return await compileMiniProgram(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}
