// As much of Consul as an example asks: the healthy instances of one service.
import { once } from 'node:events';
import { createServer } from 'node:http';

export async function startFakeConsul({ service, address }) {
  const server = createServer((request, response) => {
    const isKnown = request.url === `/v1/health/service/${service}?passing=true`;
    const instances = [{ Node: { Address: '192.0.2.1' }, Service: { Service: service, Address: address } }];
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(isKnown ? instances : []));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: async () => void server.close(),
  };
}
