import { describe, expect, it } from 'vitest'
import { deviceName } from './device-view.ts'

const wechat = 'MicroMessenger/8.0.60(0x28003c30) NetType/WIFI Language/zh_CN'
const android = (details: string) =>
  `Mozilla/5.0 (Linux; Android 14; ${details}) AppleWebKit/537.36`

describe('the name of a device', () => {
  it.each([
    [`Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) ${wechat}`, 'iPhone · 微信'],
    [`Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) ${wechat}`, 'iPad · 微信'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/605', 'iPhone'],
    [`${android('Pixel 8 Build/UD1A; wv')} ${wechat}`, 'Pixel 8 · 微信'],
    [`${android('vivo X90 Build/TP1A; wv')} ${wechat}`, 'vivo X90 · 微信'],
    [`${android('SM-G9910 Build/UP1A; wv')} ${wechat}`, '安卓手机 · 微信'],
    [`${android('V2049A; wv')} ${wechat}`, '安卓手机 · 微信'],
    [`Mozilla/5.0 (Linux; U; Android 9; zh-cn; Redmi Note 8 Build/PKQ1)`, 'Redmi Note 8'],
    [`${android('HarmonyOS; LIO-AN00; HMSCore 6.13.0; wv')} ${wechat}`, '鸿蒙手机 · 微信'],
    [`Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1.6.1 Mobile ${wechat}`, '鸿蒙手机 · 微信'],
    [`Mozilla/5.0 (Tablet; OpenHarmony 5.0) ArkWeb/4.1.6.1 ${wechat}`, '鸿蒙平板 · 微信'],
    [`Mozilla/5.0 (PC; OpenHarmony 5.0) ArkWeb/4.1.6.1 ${wechat}`, '鸿蒙电脑 · 微信'],
    ['Mozilla/5.0 (Linux; Android 10; K) Chrome/130', '安卓手机'],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${wechat} MiniProgramEnv/Windows WindowsWechat`,
      'Windows 电脑 · 微信',
    ],
    [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${wechat} MacWechat`, 'Mac 电脑 · 微信'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130', 'Windows 电脑'],
    ['Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/130', 'Linux 电脑'],
    [`Mozilla/5.0 (Macintosh; Intel Mac OS X) wechatdevtools/1.06 ${wechat}`, '微信开发者工具'],
    ['node', '未知设备'],
    ['', '未知设备'],
  ])('%s is called %s', (agent, name) => {
    expect(deviceName(agent)).toBe(name)
  })
})
