import type { Markup } from '../facts/read-markup.ts'
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

/** Used without the means to ask for consent, which WeChat then refuses, or never answers. */
export function findUndeclaredPrivacy(
  files: PackageFiles,
  scripts: ScriptFacts[],
  markup: Markup[],
): Finding[] {
  const uses = [
    ...scripts.flatMap((one) => one.apis).filter((seen) => privateApis.has(seen.what)),
    ...markup.flatMap((one) => one.openTypes).filter((seen) => isPrivateButton(seen.what)),
    ...markup.flatMap((one) => one.inputTypes).filter((seen) => seen.what === 'nickname'),
  ]
  const lacks: string[] = []
  if (!files.app.hasPrivacyCheck) lacks.push('app.json has no "__usePrivacyCheck__": true')
  const listens = scripts.some((one) =>
    one.apis.some((seen) => seen.what === 'onNeedPrivacyAuthorization'),
  )
  // Without a listener WeChat shows its own dialog; with one, somebody must be able to agree.
  if (listens && !markup.some(canAgree)) {
    lacks.push('nothing has open-type="agreePrivacyAuthorization"')
  }
  const lacking = lacks.flatMap((lack) =>
    firstOfEach(uses).map((seen) => at(rules.privacy, seen, `${seen.what} is used, but ${lack}`)),
  )
  return listens && lacks.length === 0 ? findSilentPages(files, markup) : lacking
}

/** A private button on a page where nobody can agree waits for ever. */
function findSilentPages(files: PackageFiles, markup: Markup[]): Finding[] {
  return files.pages.flatMap((page) => {
    const units = unitsOf(files, [page]).map((unit) => `${unit}.wxml`)
    const shown = markup.filter((one) => units.includes(one.file))
    if (shown.some(canAgree)) return []
    return shown
      .flatMap((one) => one.openTypes)
      .filter((seen) => isPrivateButton(seen.what))
      .map((seen) => at(rules.privacy, seen, `nobody can agree on ${page}`))
  })
}

const canAgree = (one: Markup): boolean =>
  one.openTypes.some((seen) => seen.what.split('|').includes('agreePrivacyAuthorization'))

function isPrivateButton(openType: string): boolean {
  return openType.split('|').some((type) => privateButtons.includes(type))
}

function firstOfEach(seen: Occurrence[]): Occurrence[] {
  return seen.filter((one, index) => seen.findIndex((other) => other.what === one.what) === index)
}
