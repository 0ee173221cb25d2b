import type { ReactNode } from 'react'
import { ownPicture } from './own-picture.ts'

interface PersonAvatarProps {
  readonly person: { readonly id: string; readonly avatarUrl: string | null }
  readonly name: string
  readonly size?: number
}

/**
 * A person's avatar, or the first character of the name on a colour derived from the ID: where there is no picture, and
 * where it is at another service, whose host would see who looks at whom.
 */
export function PersonAvatar({ person, name, size = 32 }: PersonAvatarProps): ReactNode {
  const hue = [...person.id].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) % 360, 7)
  const [first = '?'] = name
  const picture = ownPicture(person.avatarUrl)
  const style = { width: size, height: size, fontSize: size / 2 }
  if (picture !== undefined)
    return <img className="person-avatar" src={picture} alt="" style={style} />
  return (
    <span
      className="person-avatar"
      aria-hidden
      style={{ ...style, background: `hsl(${hue} 38% 36%)` }}
    >
      {first.toUpperCase()}
    </span>
  )
}
