import { MenuOutlined } from '@ant-design/icons'
import { Outlet } from '@tanstack/react-router'
import { Button, Drawer, Grid } from 'antd'
import { type ReactNode, useState } from 'react'
import { useText } from '../language/texts.ts'
import { IdleGuard } from '../session/idle-guard.tsx'
import { Brand, Navigation } from './navigation.tsx'
import { layoutText } from './text.ts'
import './app-layout.css'

/** Layout of every page after sign-in: navigation at the side, or behind a button on a narrow screen. */
export function AppLayout(): ReactNode {
  const text = useText(layoutText)
  const isWide = Grid.useBreakpoint().lg ?? false
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <div className="app-layout">
      <a className="skip-link" href="#content">
        {text.skip}
      </a>
      <header className="app-bar">
        {!isWide && (
          <Button
            type="text"
            icon={<MenuOutlined aria-hidden />}
            aria-label={text.openNavigation}
            aria-expanded={open}
            onClick={() => setOpen(true)}
          />
        )}
        <Brand />
        {isWide && <Navigation />}
      </header>
      {!isWide && (
        <Drawer
          open={open}
          onClose={close}
          placement="left"
          size={264}
          title={text.console}
          destroyOnHidden
        >
          <Navigation onNavigate={close} />
        </Drawer>
      )}
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <IdleGuard />
    </div>
  )
}
