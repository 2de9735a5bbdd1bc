// An app that knows nothing of metrics; started as
//   OTEL_SERVICE_NAME=shop OTEL_EXPORTER_STATSD_CONFIG=./statsd.config.mjs OTEL_NODE_ENABLED_INSTRUMENTATIONS=http \
//   node --import opentelemetry-exporter-statsd/register main.js
// statsd.config.mjs, beside this file, has the names. Without the last variable there are metrics of the runtime, of HTTP clients and of databases, too.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  response.writeHead(request.url === '/' ? 200 : 404).end();
});

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`listening at http://127.0.0.1:${server.address().port}`);
});
