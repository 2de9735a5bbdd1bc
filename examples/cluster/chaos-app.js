// app.js whose primary also carries out the orders of chaos.js: it ends a random worker.
import cluster from 'node:cluster';
import './app.js';

if (cluster.isPrimary) {
  cluster.on(
    'message',
    (_, message) => message === 'listening' && process.connected && process.send(message),
  );
  process.on('message', (order) => {
    const workers = Object.values(cluster.workers);
    const victim = workers[Math.floor(Math.random() * workers.length)];
    victim?.process.kill(order === 'kill' ? 'SIGKILL' : 'SIGTERM');
  });
}
