import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { App as Antd, ConfigProvider } from 'antd'
import en from 'antd/locale/en_US'
import zh from 'antd/locale/zh_CN'
import { type ReactNode, useEffect, useMemo } from 'react'
import { languageTags, useLanguage } from './language/language.ts'
import { createConsoleRouter } from './routes.tsx'
import { createQueryClient } from './service/query-client.ts'
import { createTrpc, TRPCProvider, trpcClient } from './service/trpc-client.ts'
import { createTheme } from './theme/theme.ts'
import { useMediaQuery } from './theme/use-media-query.ts'

interface AdminConsole {
  readonly queryClient: QueryClient
  readonly router: ReturnType<typeof createConsoleRouter>
}

/** Creates the query cache and the router of one console. The router starts at the current URL. */
export function createAdminConsole(): AdminConsole {
  const queryClient = createQueryClient(askToSignIn)
  const trpc = createTrpc(queryClient)
  const router = createConsoleRouter({ queryClient, trpc })

  // The signed-in administrator does not change between pages, and each call is an entry of the audit log.
  queryClient.setQueryDefaults(trpc.account.current.queryKey(), {
    staleTime: Number.POSITIVE_INFINITY,
  })

  function askToSignIn(): void {
    const { pathname, href } = router.state.location
    if (pathname === '/sign-in') return
    queryClient.clear()
    void router.navigate({ to: '/sign-in', search: { back: href } })
  }

  return { queryClient, router }
}

export function App({ queryClient, router }: AdminConsole): ReactNode {
  const language = useLanguage()
  const isDark = useMediaQuery('(prefers-color-scheme: dark)')
  const prefersReducedMotion = useMediaQuery('(prefers-reduced-motion: reduce)')
  const theme = useMemo(
    () => createTheme({ isDark, prefersReducedMotion }),
    [isDark, prefersReducedMotion],
  )
  useEffect(() => {
    document.documentElement.lang = languageTags[language]
  }, [language])
  return (
    <ConfigProvider
      theme={theme}
      locale={language === 'zh' ? zh : en}
      button={{ autoInsertSpace: false }}
    >
      <Antd component={false}>
        <QueryClientProvider client={queryClient}>
          <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
            <RouterProvider router={router} />
          </TRPCProvider>
        </QueryClientProvider>
      </Antd>
    </ConfigProvider>
  )
}
