/** The console reads its language once, when it is loaded; jsdom's own language is English. */
localStorage.setItem('mianmi-console:language', 'zh')
