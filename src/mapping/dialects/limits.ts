// Limits that several servers share.

/** The most that an IPv4 datagram carries: 65,535 bytes less 20 of IP and 8 of UDP header. */
export const WHOLE_DATAGRAM = 65_507;

/**
 * Members of a set that every server with sets reads as they are: no separator of any of them, no sign at the start
 * (telegraf rejects it), no name that is special to an object in JavaScript. The length leaves room for hashes and
 * identifiers of all common kinds, and for four bytes per character in the space that lines keep free for a value.
 */
export const PLAIN_MEMBER = /^[\p{L}\p{N}][^\s:|#@\p{C}]{0,79}$/u;

/** What does not fit into a signed 64-bit integer, at its positive end. */
export const INT64 = 2 ** 63;
