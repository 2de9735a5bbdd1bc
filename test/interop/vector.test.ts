import { describeServer } from './harness/describe-server.js';

describeServer('vector');
