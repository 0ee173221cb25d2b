import { Avatar } from 'antd'
import type { ReactNode } from 'react'

interface PersonAvatarProps {
  readonly person: { readonly id: string; readonly avatarUrl: string | null }
  readonly name: string
  readonly size?: number
}

/** A person's avatar, or the first character of the name on a colour derived from the ID. */
export function PersonAvatar({ person, name, size = 32 }: PersonAvatarProps): ReactNode {
  const hue = [...person.id].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) % 360, 7)
  const [first = '?'] = name
  return (
    <Avatar
      shape="square"
      size={size}
      src={person.avatarUrl ?? undefined}
      aria-hidden
      style={{ background: `hsl(${hue} 38% 36%)`, color: '#fff', flex: 'none' }}
    >
      {first.toUpperCase()}
    </Avatar>
  )
}
