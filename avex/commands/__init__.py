"""The commands of `avex`, one module each. What a command needs is imported when it runs."""
