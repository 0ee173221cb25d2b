import {
  ApiOutlined,
  AppstoreOutlined,
  AuditOutlined,
  BarChartOutlined,
  LogoutOutlined,
  MergeOutlined,
  SafetyCertificateOutlined,
  SendOutlined,
  SettingOutlined,
  TeamOutlined,
  UserOutlined,
} from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../language/texts.ts'
import { useTRPC } from '../service/trpc-client.ts'
import { useSignOut } from '../session/use-sign-out.ts'
import logo from '../theme/logo.svg'
import { LanguageSwitch } from './language-switch.tsx'
import { layoutText } from './text.ts'

const navigationItems = [
  { to: '/', name: 'overview', icon: <BarChartOutlined aria-hidden />, exact: true },
  { to: '/people', name: 'people', icon: <TeamOutlined aria-hidden /> },
  { to: '/conflicts', name: 'conflicts', icon: <MergeOutlined aria-hidden /> },
  { to: '/audit', name: 'audit', icon: <AuditOutlined aria-hidden /> },
  {
    to: '/administrators',
    name: 'administrators',
    icon: <SafetyCertificateOutlined aria-hidden />,
  },
  { to: '/apps', name: 'apps', icon: <AppstoreOutlined aria-hidden /> },
  { to: '/service-keys', name: 'serviceKeys', icon: <ApiOutlined aria-hidden /> },
  { to: '/webhooks', name: 'webhooks', icon: <SendOutlined aria-hidden /> },
  { to: '/settings', name: 'settings', icon: <SettingOutlined aria-hidden /> },
] as const

export function Brand(): ReactNode {
  const text = useText(layoutText)
  return (
    <Link to="/" className="brand">
      <img src={logo} alt="" width={28} height={28} />
      {text.console}
    </Link>
  )
}

/** Links to the pages, the signed-in administrator, language and sign-out. */
export function Navigation({ onNavigate }: { onNavigate?: () => void }): ReactNode {
  const text = useText(layoutText)
  const trpc = useTRPC()
  const { data } = useQuery(trpc.account.current.queryOptions())
  const signOut = useSignOut()
  return (
    <div className="navigation">
      <nav aria-label={text.navigation}>
        <ul>
          {navigationItems.map(({ to, name, icon, ...rest }) => (
            <li key={to}>
              <Link
                to={to}
                activeOptions={{ exact: 'exact' in rest, includeSearch: false }}
                onClick={() => onNavigate?.()}
              >
                {icon}
                {text[name]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="navigation-account">
        <Link to="/me" onClick={() => onNavigate?.()} title={text.me}>
          <UserOutlined aria-hidden />
          <span>{data?.operator.nickname ?? data?.operator.account ?? text.me}</span>
        </Link>
        <LanguageSwitch />
        <Button type="text" icon={<LogoutOutlined aria-hidden />} onClick={() => signOut()}>
          {text.signOut}
        </Button>
      </div>
    </div>
  )
}
