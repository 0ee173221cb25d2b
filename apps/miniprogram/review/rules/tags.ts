import type { MarkupFacts } from '../facts/read-markup.ts'
import { type Finding, rules } from '../finding.ts'
import type { PackageFiles } from '../package-files.ts'
import { at } from './scripts.ts'

/** https://developers.weixin.qq.com/miniprogram/dev/component/ */
const builtIn = new Set(
  `block template import include wxs slot view text button input textarea form label switch slider
  checkbox checkbox-group radio radio-group picker picker-view picker-view-column image icon progress
  navigator functional-page-navigator scroll-view swiper swiper-item movable-area movable-view
  cover-view cover-image match-media page-container root-portal share-element rich-text editor video
  audio camera live-player live-pusher voip-room canvas map web-view ad ad-custom official-account
  open-data open-container page-meta navigation-bar keyboard-accessory channel-live channel-video
  store-home store-product grid-view list-view sticky-header sticky-section snapshot span
  official-account-publish selection`.split(/\s+/),
)

export function findUnknownTags(files: PackageFiles, markup: MarkupFacts[]): Finding[] {
  return markup.flatMap((one) => {
    const own = files.componentsOf(one.file.replace(/\.wxml$/, ''))
    return one.tags
      .filter((tag) => !builtIn.has(tag.name) && !(tag.name in own))
      .map((tag) => at(rules.tags, tag, `<${tag.name}> is neither built in nor in usingComponents`))
  })
}

export function findWithdrawnButtons(markup: MarkupFacts[]): Finding[] {
  return markup
    .flatMap((one) => one.openTypes)
    .filter((openType) => openType.name === 'getUserInfo')
    .map((openType) => at(rules.withdrawn, openType, 'open-type="getUserInfo"'))
}
