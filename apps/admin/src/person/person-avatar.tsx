import { Avatar } from 'antd'
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
  return (
    <Avatar
      shape="square"
      size={size}
      src={ownPicture(person.avatarUrl)}
      aria-hidden
      style={{ background: `hsl(${hue} 38% 36%)`, color: '#fff', flex: 'none' }}
    >
      {first.toUpperCase()}
    </Avatar>
  )
}
