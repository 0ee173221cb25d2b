/** The frame around all pages carries this class, and the theme as `data-theme`. */
export const VIEWPORT_CLASS = 'sim-viewport'
