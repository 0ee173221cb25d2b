import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Page } from '../../layout/page.tsx'

const route = getRouteApi('/frame/people/$userId')

export function PersonPage(): ReactNode {
  return <Page title={route.useParams().userId} />
}
