import {
  createHeadlessStage,
  createWx,
  type HeadlessStage,
  type HeadlessStageOptions,
  type Wx,
  type WxOptions,
} from '../../src/wx/index.ts'
import { appId } from '../sandbox-server.ts'

/** A phone whose WeChat is nowhere: for whatever needs no server. */
export function createPhone(
  options: Partial<WxOptions> = {},
  screen: HeadlessStageOptions = {},
): { wx: Wx; stage: HeadlessStage } {
  const stage = createHeadlessStage(screen)
  const wx = createWx({ appId, user: 'ann', sandboxUrl: 'http://127.0.0.1:9', stage, ...options })
  return { wx, stage }
}

/** One whose holder has agreed to the privacy contract. */
export function createConsentedPhone(
  options: Partial<WxOptions> = {},
  screen: HeadlessStageOptions = {},
): { wx: Wx; stage: HeadlessStage } {
  const phone = createPhone(options, screen)
  phone.stage.tapAgree('agree')
  return phone
}
