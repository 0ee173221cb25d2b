import {
  createHeadlessScreen,
  createWx,
  type HeadlessScreen,
  type HeadlessScreenOptions,
  type Wx,
  type WxOptions,
} from '../../src/wx/index.ts'
import { appId } from '../sandbox-server.ts'

/** A phone without a sandbox server, for APIs that need none. */
export function createPhone(
  options: Partial<WxOptions> = {},
  screenOptions: HeadlessScreenOptions = {},
): { wx: Wx; screen: HeadlessScreen } {
  const screen = createHeadlessScreen(screenOptions)
  const wx = createWx({ appId, user: 'ann', sandboxUrl: 'http://127.0.0.1:9', screen, ...options })
  return { wx, screen }
}

/** A phone whose user has agreed to the privacy contract. */
export function createConsentedPhone(
  options: Partial<WxOptions> = {},
  screenOptions: HeadlessScreenOptions = {},
): { wx: Wx; screen: HeadlessScreen } {
  const phone = createPhone(options, screenOptions)
  phone.screen.tapAgree('agree')
  return phone
}
