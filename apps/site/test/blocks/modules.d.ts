// Packages that are not installed here. Taro's typings depend on its whole build tool.

declare module '@tarojs/taro' {
  const Taro: typeof wx
  export default Taro
}

declare module 'your-contract' {
  export type { AppRouter, User } from '@mianmi/contracts'
}

declare module '@tarojs/components' {
  import type { ReactNode } from 'react'

  export const Button: (props: { onClick: () => void; children: ReactNode }) => ReactNode
  export const Text: (props: { children: ReactNode }) => ReactNode
}
