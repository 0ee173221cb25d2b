/** The initial of an avatar without a photo: the last Chinese character of a name, otherwise its first letter. */
export function initialOf(person: string): string {
  const letters = [...person]
  const initial = letters.findLast((letter) => /\p{Script=Han}/u.test(letter)) ?? letters[0] ?? ''
  return initial.toUpperCase()
}

const hues = [160, 350, 215, 30, 270, 190]

/** The hue of a user's avatar: the same name has the same colour in the panel and on the phone. */
export function hueOf(person: string): number {
  const sum = [...person].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0)
  return hues[sum % hues.length] ?? 160
}

const avatars = 'https://wx.qlogo.cn/mmhead/'

/** The URL of a user's WeChat avatar, in the form that a service may store. */
export const avatarUrlOf = (person: string): string => `${avatars}${encodeURIComponent(person)}/132`

/** Draws the avatar of such a URL, because the server does not exist. Undefined for other URLs. */
export function drawAvatar(url: string): string | undefined {
  if (!url.startsWith(avatars)) return undefined
  const [name = ''] = url.slice(avatars.length).split('/')
  const person = decodeURIComponent(name)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 132 132"><rect width="132" height="132" fill="hsl(${hueOf(person)} 38% 36%)"/><text x="66" y="66" fill="#fff" font-family="sans-serif" font-size="62" font-weight="600" text-anchor="middle" dominant-baseline="central">${escapeXml(initialOf(person))}</text></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

const escapeXml = (text: string): string => text.replace(/[<>&"]/g, '')
