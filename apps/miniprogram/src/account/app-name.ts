import appNames from '../../app-names.json'

/** The name of a mini program from app-names.json; the person knows its name, not its appid. */
export function appName(appId: string, isThisApp: boolean): string {
  const names: Record<string, string | undefined> = appNames
  return names[appId] ?? (isThisApp ? '这个小程序' : `其他小程序（尾号 ${appId.slice(-4)}）`)
}
