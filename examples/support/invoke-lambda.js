// Stands in for AWS Lambda: one cold start, two invocations.
import { handler } from '../lambda/main.js';

console.log(await handler({ items: ['book', 'lamp'] }));
console.log(await handler({ items: ['chair'] }));
