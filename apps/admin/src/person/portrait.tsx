import { Avatar } from 'antd'
import type { ReactNode } from 'react'

interface PortraitProps {
  readonly of: { readonly id: string; readonly avatarUrl: string | null }
  readonly name: string
  readonly size?: number
}

/** A person's picture, or the first sign of the name on a colour of their own. */
export function Portrait({ of, name, size = 32 }: PortraitProps): ReactNode {
  const sum = [...of.id].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 360, 7)
  const [first = '?'] = name
  return (
    <Avatar
      shape="square"
      size={size}
      src={of.avatarUrl ?? undefined}
      aria-hidden
      style={{ background: `hsl(${sum} 38% 36%)`, color: '#fff', flex: 'none' }}
    >
      {first.toUpperCase()}
    </Avatar>
  )
}
