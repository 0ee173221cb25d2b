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

/** The scopes that need the user's decision. */
export type Scope = keyof typeof scopeTexts

/** All scopes that need the user's decision. */
export const scopes: readonly Scope[] = Object.keys(scopeTexts) as Scope[]

/** Scopes that WeChat has withdrawn and reports as granted. */
export const alwaysGranted: Readonly<Record<string, true>> = {
  'scope.address': true,
  'scope.invoice': true,
  'scope.invoiceTitle': true,
}

/** Whether `name` is a scope that needs the user's decision. */
export function isScope(name: unknown): name is Scope {
  return typeof name === 'string' && Object.hasOwn(scopeTexts, name)
}

/** The title of the popup. */
export const popupTitleOf = (scope: Scope): string => scopeTexts[scope][0]

/** The label on the settings page. */
export const labelOf = (scope: Scope): string => scopeTexts[scope][1]

/** The scopes that need a `desc` in `permission` of app.json. */
export const needsDescription: readonly Scope[] = [
  'scope.userLocation',
  'scope.userFuzzyLocation',
  'scope.userLocationBackground',
]

/** Has no popup: the user can only grant it on the settings page. */
export const settingsOnlyScope: Scope = 'scope.userLocationBackground'
