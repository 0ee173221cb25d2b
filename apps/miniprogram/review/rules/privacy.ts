import type { MarkupFacts } from '../facts/read-markup.ts'
import type { Occurrence, ScriptFacts } from '../facts/read-script.ts'
import { type Finding, rules } from '../finding.ts'
import type { PackageFiles } from '../package-files.ts'
import { unitsOf } from './files.ts'
import { at } from './scripts.ts'

/** https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/miniprogram-intro.html */
const privateApis = new Set(
  `getLocation getFuzzyLocation startLocationUpdate startLocationUpdateBackground onLocationChange
  chooseLocation choosePoi chooseAddress chooseInvoice chooseInvoiceTitle chooseLicensePlate
  chooseImage chooseMedia chooseVideo chooseMessageFile saveImageToPhotosAlbum
  saveVideoToPhotosAlbum startRecord getRecorderManager joinVoIPChat createCameraContext
  createVKSession openBluetoothAdapter createBLEPeripheralServer addPhoneContact chooseContact
  addPhoneCalendar addPhoneRepeatCalendar getWeRunData setClipboardData getClipboardData
  startAccelerometer startCompass startDeviceMotionListening startGyroscope authorize`.split(/\s+/),
)
const privateButtons = ['getPhoneNumber', 'getRealtimePhoneNumber', 'chooseAvatar']

/** Private APIs without a way to ask for consent: WeChat rejects the call or never calls back. */
export function findUndeclaredPrivacy(
  files: PackageFiles,
  scripts: ScriptFacts[],
  markup: MarkupFacts[],
): Finding[] {
  const uses = [
    ...scripts.flatMap((one) => one.apis).filter((use) => privateApis.has(use.name)),
    ...markup.flatMap((one) => one.openTypes).filter((use) => isPrivateButton(use.name)),
    ...markup.flatMap((one) => one.inputTypes).filter((use) => use.name === 'nickname'),
  ]
  const missing: string[] = []
  if (!files.app.hasPrivacyCheck) missing.push('app.json has no "__usePrivacyCheck__": true')
  const listens = scripts.some((one) =>
    one.apis.some((api) => api.name === 'onNeedPrivacyAuthorization'),
  )
  // Without a listener WeChat shows its own dialog; with one, the page needs a button to agree.
  if (listens && !markup.some(canAgree)) {
    missing.push('nothing has open-type="agreePrivacyAuthorization"')
  }
  const findings = missing.flatMap((problem) =>
    firstOfEach(uses).map((use) => at(rules.privacy, use, `${use.name} is used, but ${problem}`)),
  )
  return listens && missing.length === 0 ? findPagesWithoutConsent(files, markup) : findings
}

/** A private button on a page without a button to agree waits for ever. */
function findPagesWithoutConsent(files: PackageFiles, markup: MarkupFacts[]): Finding[] {
  return files.pages.flatMap((page) => {
    const units = unitsOf(files, [page]).map((unit) => `${unit}.wxml`)
    const shown = markup.filter((one) => units.includes(one.file))
    if (shown.some(canAgree)) return []
    return shown
      .flatMap((one) => one.openTypes)
      .filter((use) => isPrivateButton(use.name))
      .map((use) => at(rules.privacy, use, `${page} has no button to agree`))
  })
}

const canAgree = (one: MarkupFacts): boolean =>
  one.openTypes.some((openType) => openType.name.split('|').includes('agreePrivacyAuthorization'))

function isPrivateButton(openType: string): boolean {
  return openType.split('|').some((type) => privateButtons.includes(type))
}

function firstOfEach(uses: Occurrence[]): Occurrence[] {
  return uses.filter((use, index) => uses.findIndex((other) => other.name === use.name) === index)
}
