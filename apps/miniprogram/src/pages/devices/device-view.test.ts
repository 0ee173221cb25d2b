import { describe, expect, it } from 'vitest'
import { deviceName } from './device-view.ts'

describe('the name of a device', () => {
  it.each([
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0.60', 'iPhone'],
    ['Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UD1A; wv) MicroMessenger/8.0', 'Pixel 8'],
    ['Mozilla/5.0 (Linux; Android 10; K) Chrome/130', '安卓手机'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130', 'Windows 电脑'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605', 'Mac 电脑'],
    ['Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/130', 'Linux 电脑'],
    ['node', '未知设备'],
    ['', '未知设备'],
  ])('%s is called %s', (agent, name) => {
    expect(deviceName(agent)).toBe(name)
  })
})
