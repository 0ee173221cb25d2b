/** The class of the element around all pages; its `data-theme` is the theme. */
export const VIEWPORT_CLASS = 'sim-viewport'
