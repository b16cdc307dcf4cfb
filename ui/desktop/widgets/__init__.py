"""Parts every screen is made of; each reads its colours and sizes from a Look."""
