// Without the fonts that VitePress brings: the system's own have Chinese too.
import theme from 'vitepress/theme-without-fonts'
import './style.css'

export default theme
