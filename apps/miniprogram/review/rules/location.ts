import type { ScriptFacts } from '../facts/read-script.ts'
import { type Finding, rules } from '../finding.ts'
import type { PackageFiles } from '../package-files.ts'
import { at } from './scripts.ts'

/** The APIs that app.json must list, and the scope whose reason it must give. */
const scopeOfApi: Record<string, string | null> = {
  getLocation: 'scope.userLocation',
  getFuzzyLocation: 'scope.userFuzzyLocation',
  onLocationChange: 'scope.userLocation',
  startLocationUpdate: 'scope.userLocation',
  startLocationUpdateBackground: 'scope.userLocation',
  chooseLocation: null,
  choosePoi: null,
  chooseAddress: null,
}

export function findUndeclaredLocation(files: PackageFiles, scripts: ScriptFacts[]): Finding[] {
  const { requiredPrivateInfos, permission } = files.app
  const uses = scripts.flatMap((one) => one.apis).filter((seen) => seen.what in scopeOfApi)
  const findings = uses.flatMap((seen) => {
    const scope = scopeOfApi[seen.what]
    const lacks: string[] = []
    if (!requiredPrivateInfos.includes(seen.what)) lacks.push('requiredPrivateInfos')
    if (scope && !permission[scope]?.desc) lacks.push(`permission["${scope}"].desc`)
    return lacks.map((lack) => at(rules.location, seen, `wx.${seen.what} is not in ${lack}`))
  })
  const used = new Set(uses.map((seen) => seen.what))
  const idle = requiredPrivateInfos.filter((api) => !used.has(api))
  const inApp = { what: '', file: 'app.json', line: 0, column: 0 }
  findings.push(
    ...idle.map((api) => at(rules.location, inApp, `declares ${api}, which is not used`)),
  )
  if (
    requiredPrivateInfos.includes('getFuzzyLocation') &&
    requiredPrivateInfos.includes('getLocation')
  ) {
    findings.push(
      at(rules.location, inApp, 'declares exact and fuzzy location, which exclude each other'),
    )
  }
  return findings
}
