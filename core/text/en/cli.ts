/** Words of the command line and the server's own messages: every key starts with `cli.`. */
export const cli = {
  'cli.unreadable': '{file}: {reason:reason}.',
} as const;
