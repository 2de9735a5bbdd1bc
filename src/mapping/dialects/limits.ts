// Limits that several servers share.

/** The most that an IPv4 datagram carries: 65,535 bytes less 20 of IP and 8 of UDP header. */
export const WHOLE_DATAGRAM = 65_507;

/**
 * Members of a set that every server with sets reads as they are: printable ASCII without the separators of any of them,
 * without a sign at the start, which telegraf rejects. They fit into the space that lines keep free for a value.
 */
export const PLAIN_MEMBER = /^[A-Za-z0-9][!"$-9;-?A-{}~]{0,59}$/;

/** What does not fit into a signed 64-bit integer, at its positive end. */
export const INT64 = 2 ** 63;
