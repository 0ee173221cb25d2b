/** https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/authorize.html */
const scopeTexts = {
  'scope.userLocation': ['获取你的位置信息', '位置信息'],
  'scope.userFuzzyLocation': ['获取你的模糊位置信息', '模糊位置信息'],
  'scope.userLocationBackground': ['在后台获取你的位置信息', '后台位置信息'],
  'scope.record': ['使用你的麦克风', '麦克风'],
  'scope.camera': ['使用你的摄像头', '摄像头'],
  'scope.bluetooth': ['使用你的蓝牙', '蓝牙'],
  'scope.writePhotosAlbum': ['保存图片或视频到你的相册', '添加到相册'],
  'scope.addPhoneContact': ['添加联系人到你的通讯录', '添加到通讯录'],
  'scope.addPhoneCalendar': ['添加日程到你的日历', '添加到日历'],
  'scope.werun': ['获取你的微信运动步数', '微信运动步数'],
} as const

/** The scopes that a person is asked for. */
export type Scope = keyof typeof scopeTexts

export const scopes: readonly Scope[] = Object.keys(scopeTexts) as Scope[]

/** Withdrawn: everybody has agreed to these. */
export const alwaysGranted: Readonly<Record<string, true>> = {
  'scope.address': true,
  'scope.invoice': true,
  'scope.invoiceTitle': true,
}

export function isScope(name: unknown): name is Scope {
  return typeof name === 'string' && Object.hasOwn(scopeTexts, name)
}

/** What the popup says the mini program asks for. */
export const popupTitleOf = (scope: Scope): string => scopeTexts[scope][0]

/** What the settings call it. */
export const labelOf = (scope: Scope): string => scopeTexts[scope][1]

/** The scopes that app.json must give a reason for, in `permission`. */
export const needsDescription: readonly Scope[] = [
  'scope.userLocation',
  'scope.userFuzzyLocation',
  'scope.userLocationBackground',
]

/** Never asked by a popup: the person turns it on in the settings. */
export const settingsOnlyScope: Scope = 'scope.userLocationBackground'
