// All sections in the order of the page. To add one: a module in this folder, and a line here.
//
//   flags     of Node.js, for the section's process

export const SECTIONS = [
  { id: 'formatting', title: 'Making lines' },
  { id: 'end-to-end', title: 'End to end' },
  { id: 'histograms', title: 'Histograms' },
  { id: 'cold-start', title: 'Cold start' },
  // So much room for new objects that no garbage is collected while what is allocated is counted.
  {
    id: 'memory',
    title: 'Memory',
    flags: ['--max-semi-space-size=1024', '--min-semi-space-size=1024'],
  },
  { id: 'event-loop', title: 'Event loop', flags: ['--max-old-space-size=6000'] },
  { id: 'scale', title: 'Scale', flags: ['--max-old-space-size=6000'] },
  { id: 'new-series', title: 'Many series come and go' },
  { id: 'backlog', title: 'While the server is away' },
  { id: 'idle', title: 'Between exports' },
  { id: 'cluster', title: 'Several processes' },
  { id: 'instrument', title: 'Measuring your own code' },
];
