// Limits that several servers share.

/** The most that an IPv4 datagram carries: 65,535 bytes less 20 of IP and 8 of UDP header. */
export const WHOLE_DATAGRAM = 65_507;

/** What does not fit into a signed 64-bit integer, at its positive end. */
export const INT64 = 2 ** 63;
