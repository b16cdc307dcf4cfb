"""How the windows look: palette, type scale, fonts, and the one object that hands them out."""
