import { describeServer } from './describe-server.js';

describeServer('statsd');
