import { Avatar } from 'antd'
import type { ReactNode } from 'react'

interface PersonAvatarProps {
  readonly person: { readonly id: string; readonly avatarUrl: string | null }
  readonly name: string
  readonly size?: number
}

/** A person's picture, or the first sign of the name on a colour of their own. */
export function PersonAvatar({ person, name, size = 32 }: PersonAvatarProps): ReactNode {
  const sum = [...person.id].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 360, 7)
  const [first = '?'] = name
  return (
    <Avatar
      shape="square"
      size={size}
      src={person.avatarUrl ?? undefined}
      aria-hidden
      style={{ background: `hsl(${sum} 38% 36%)`, color: '#fff', flex: 'none' }}
    >
      {first.toUpperCase()}
    </Avatar>
  )
}
