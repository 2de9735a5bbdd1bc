import { describeServer } from './describe-server.js';

describeServer('victoria-metrics');
