// An app that knows the API alone; `register` does the rest.
const { metrics } = require('@opentelemetry/api');

metrics.getMeter('shop').createCounter('orders').add(3, { country: 'fi' });
