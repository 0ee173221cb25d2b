import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App, createAdminConsole } from './app.tsx'
import './theme/base.css'

const container = document.getElementById('root')
if (container !== null)
  createRoot(container).render(
    <StrictMode>
      <App {...createAdminConsole()} />
    </StrictMode>,
  )
