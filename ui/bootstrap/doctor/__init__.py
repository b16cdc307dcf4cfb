"""What ``nightdesk doctor`` looks at: one module for each part of the house, each check by itself."""
